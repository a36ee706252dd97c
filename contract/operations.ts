import * as z from 'zod/mini'
import { done, endpoint, nothing, when } from './base.ts'
import { Attention, Check, Film, FilmsShown, SentLetter, Status, Storage } from './desks.ts'

const page = z.optional(z.string().check(z.maxLength(2000)))

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
  status: endpoint({
    method: 'GET',
    path: '/status',
    access: 'anyone',
    summary: 'Is the school as it usually is: films, letters and payments, and since when one is late',
    input: nothing,
    output: Status,
    keptSeconds: 30,
  }),
  attention: endpoint({
    method: 'GET',
    path: '/operations/attention',
    access: 'admin',
    summary: 'What waits for a person, of everything',
    input: nothing,
    output: Attention,
  }),
  checks: endpoint({
    method: 'GET',
    path: '/operations/checks',
    access: 'admin',
    summary: 'What the school runs on, looked at now: each thing with what to do',
    input: nothing,
    output: z.object({ at: when, checks: z.array(Check) }),
  }),
  films: endpoint({
    method: 'GET',
    path: '/operations/films',
    access: 'admin',
    summary: 'All films of the school and how far each is, newest first',
    input: z.object({ show: z._default(FilmsShown, 'all'), page }),
    output: z.object({ films: z.array(Film), next: z.optional(z.string()) }),
  }),
  storage: endpoint({
    method: 'GET',
    path: '/operations/storage',
    access: 'admin',
    summary: 'What takes room, and how much is left',
    input: nothing,
    output: Storage,
  }),
  weigh: endpoint({
    method: 'POST',
    path: '/operations/storage/weighings',
    access: 'admin',
    summary: 'Weigh the store anew; each night it is weighed by itself',
    input: nothing,
    output: done,
  }),
  letters: endpoint({
    method: 'GET',
    path: '/operations/letters',
    access: 'admin',
    summary: 'Letters of the last thirty days: that they were written, to whom, and whether the post took them',
    input: z.object({ show: z._default(z.enum(['all', 'failed']), 'all'), page }),
    output: z.object({ letters: z.array(SentLetter), next: z.optional(z.string()) }),
  }),
}
