import * as z from 'zod/mini'
import { done, endpoint, nothing } from './base.ts'

/** What happened, who could not be told of it, and why. `payload` is JSON; no event has a secret in it. */
export const DeadLetter = z.object({
  ...{ event: z.string(), name: z.string(), listener: z.string(), attempts: z.int(), reason: z.string(), since: z.string(), payload: z.string() },
})
export type DeadLetter = z.infer<typeof DeadLetter>

export const operations = {
  health: endpoint({
    method: 'GET',
    path: '/health',
    access: 'anyone',
    summary: 'Is the school up',
    input: nothing,
    output: z.object({ status: z.literal('ok'), at: z.string() }),
  }),
  deadLetters: endpoint({
    method: 'GET',
    path: '/operations/dead-letters',
    access: 'admin',
    summary: 'What the school gave up delivering to itself',
    input: nothing,
    output: z.object({
      letters: z.array(DeadLetter),
    }),
  }),
  replay: endpoint({
    method: 'POST',
    path: '/operations/dead-letters/{event}/{listener}/replay',
    access: 'admin',
    summary: 'Deliver it once more',
    input: z.object({ event: z.string(), listener: z.string() }),
    output: done,
  }),
  discard: endpoint({
    method: 'DELETE',
    path: '/operations/dead-letters/{event}/{listener}',
    access: 'admin',
    summary: 'Give it up for good',
    input: z.object({ event: z.string(), listener: z.string() }),
    output: done,
  }),
}
