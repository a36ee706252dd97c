import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { CourseLearner } from '#contract/insights.ts'
import { folded } from '#core/folded.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'

const MOST_NAME_CHARACTERS = 80
const MOST_WORD_CHARACTERS = 60
const MOST_WORDS = 8

/** What somebody is found by: the words of their name, and their address from its beginning and from its host on. */
export const wordsOf = ({ name, email }: Pick<CourseLearner, 'name' | 'email'>): string[] => {
  const address = folded(email)
  const words = [address, address.slice(address.indexOf('@') + 1), ...folded(name).split(/[^\p{L}\p{N}]+/u)]
  return [...new Set(words.map((word) => word.slice(0, MOST_WORD_CHARACTERS)))].filter((word) => word !== '').slice(0, MOST_WORDS)
}

/** How one learner stands in one course, as lists show it. */
export const StoredLearner = z.object({ ...CourseLearner.shape, course: z.string() })
export type StoredLearner = z.infer<typeof StoredLearner>

export const NAMES = 'name#'
export const seenIn = (course: string): string => `standings-seen#${course}`
export const progressedIn = (course: string): string => `standings-progress#${course}`
export const standingsOf = (course: string): string => `standings#${course}`

/** By id, and in its index by when they were last seen; who has never been comes before all others. */
export const learnerRecords = records({
  schema: StoredLearner,
  key: ({ course, id }: { course: string; id: string }) => ({ pk: standingsOf(course), sk: `learner#${id}` }),
  index: ({ course, id, seenAt = '' }) => ({ ipk: seenIn(course), isk: `${seenAt}#${id}` }),
  people: { what: 'goes', says: 'How your teachers see you stand', whose: ({ id }) => id },
})

/** The same once more: by name, and in its index by completed lessons. A table has one index, and a list has to be in order to be paged. */
export const namedLearnerRecords = records({
  schema: StoredLearner,
  key: ({ course, id, name }: { course: string; id: string; name: string }) => ({
    pk: standingsOf(course),
    sk: `${NAMES}${folded(name).slice(0, MOST_NAME_CHARACTERS)}#${id}`,
  }),
  index: ({ course, id, completed }) => ({ ipk: progressedIn(course), isk: `${String(completed).padStart(4, '0')}#${id}` }),
  people: { what: 'goes', says: 'The same, by name', whose: ({ id }) => id },
})

export const wordsIn = (course: string): string => `standing-words#${course}`
export const wordRecords = records({
  schema: z.object({ course: z.string(), word: z.string(), id: z.string() }),
  key: ({ course, word, id }: { course: string; word: string; id: string }) => ({ pk: wordsIn(course), sk: `${word}#${id}` }),
  people: { what: 'goes', says: 'Words your teachers find you by', whose: ({ id }) => id },
})

/** What of a learner the counters of a course hold already: only what differs is added. */
export const countedRecords = records({
  schema: z.object({ id: z.string(), course: z.string(), begun: z.array(z.string()), done: z.array(z.string()), isFinished: z.boolean() }),
  key: ({ id, course }: { id: string; course: string }) => ({ pk: `learner#${id}`, sk: `counted#${course}` }),
  people: { what: 'goes', says: 'What of you is in the counters of a course', whose: ({ id }) => id },
})

/** Many learn at once: each learner is counted in one of so many records. */
export const SHARDS = 8
export const shardOf = (learner: string): number => (createHash('sha256').update(learner).digest()[0] ?? 0) % SHARDS

export const StoredFunnel = z.object({
  course: z.string(),
  shard: z.int(),
  learners: z.int(),
  finished: z.int(),
  lessons: z.record(z.string(), z.object({ begun: z.int(), done: z.int() })),
})
export type StoredFunnel = z.infer<typeof StoredFunnel>

export const funnelOf = (course: string): string => `funnel#${course}`
export const funnelRecords = records({
  schema: StoredFunnel,
  key: ({ course, shard }: { course: string; shard: number }) => ({ pk: funnelOf(course), sk: `shard#${shard}` }),
  people: ofNobody,
})

/** Whether the learners a course had before anybody looked have been counted. */
export const gatheringRecords = records({
  schema: z.object({ course: z.string(), startedAt: z.string(), doneAt: z.optional(z.string()) }),
  key: ({ course }: { course: string }) => ({ pk: standingsOf(course), sk: 'gathering' }),
  people: ofNobody,
})
