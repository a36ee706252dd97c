import * as z from 'zod/mini'
import { done, endpoint, nothing } from './base.ts'

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
      letters: z.array(z.object({ event: z.string(), name: z.string(), listener: z.string(), attempts: z.int(), reason: z.string(), since: z.string() })),
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
}
