import * as z from 'zod/mini'
import { Writer } from '#contract/talk.ts'
import { folded } from '#core/folded.ts'
import { ofNobody, TALK } from '#core/personal.ts'
import { records } from '#core/records.ts'

/** By whom of the staff, and why; `by` is a name, as readers see it. */
const Measure = z.object({ at: z.string(), by: z.string(), reason: z.string() })

export const StoredThread = z.object({
  id: z.string(),
  course: z.string(),
  lesson: z.optional(z.object({ id: z.string(), title: z.string() })),
  title: z.string(),
  excerpt: z.string(),
  isQuestion: z.boolean(),
  atSeconds: z.optional(z.number()),
  by: Writer,
  at: z.string(),
  lastAt: z.string(),
  /** Numbers given so far, the first post’s among them; removed posts keep theirs. */
  posts: z.int(),
  votes: z.int(),
  answer: z.optional(z.int()),
  isPinned: z.boolean(),
  locked: z.optional(Measure),
  isHidden: z.boolean(),
  /** Taken back before anybody replied: it is listed nowhere. */
  isRemoved: z.boolean(),
  /** It stands among the questions that wait for the staff. */
  isWaiting: z.boolean(),
  /** Who has written in it, the first fifty: they hear of what follows. */
  people: z.array(z.string()),
})
export type StoredThread = z.infer<typeof StoredThread>

export const MOST_FOLLOWING = 50

/** The threads of a lesson, or of a course’s board, lie together in the index. */
export const placeOf = (course: string, lesson: string | undefined): string => `talk-at#${course}#${lesson ?? 'board'}`

export const threadRecords = records({
  schema: StoredThread,
  key: ({ id }: { id: string }) => ({ pk: `thread#${id}`, sk: 'thread' }),
  index: ({ id, course, lesson, isPinned, lastAt, isRemoved }) =>
    isRemoved ? undefined : { ipk: placeOf(course, lesson?.id), isk: `${isPinned ? 1 : 0}#${lastAt}#${id}` },
  people: {
    what: 'stays',
    says: 'Threads you began, or wrote in',
    because: TALK,
    isSigned: true,
    whose: ({ by }) => by.id,
    mend: (thread, { alias, keeps }) => {
      const people = thread.people.filter((id) => id !== alias.id)
      if (thread.by.id !== alias.id || keeps.posts) return { ...thread, people }
      return { ...thread, people, title: alias.name, excerpt: '', isWaiting: false }
    },
  },
})

export const StoredPost = z.object({
  thread: z.string(),
  number: z.int(),
  by: Writer,
  at: z.string(),
  body: z.string(),
  mentions: z.array(z.object({ id: z.string(), name: z.string() })),
  votes: z.int(),
  editedAt: z.optional(z.string()),
  isRemoved: z.boolean(),
  hidden: z.optional(Measure),
})
export type StoredPost = z.infer<typeof StoredPost>

export const postRecords = records({
  schema: StoredPost,
  key: ({ thread, number }: { thread: string; number: number }) => ({ pk: `thread#${thread}`, sk: `post#${String(number).padStart(6, '0')}` }),
  people: {
    what: 'stays',
    says: 'What you have written in discussions',
    because: TALK,
    isSigned: true,
    whose: ({ by }) => by.id,
    mend: (post, { alias, name, person, keeps }, before) => {
      const asMentioned = before.mentions.find(({ id }) => id === person)?.name ?? name
      const body = [asMentioned, name].reduce((text, each) => (each === '' ? text : text.replaceAll(`@${each}`, `@${alias.name}`)), post.body)
      if (post.by.id !== alias.id || keeps.posts) return { ...post, body }
      return { ...post, body: '', mentions: [], isRemoved: true }
    },
  },
})

/** What one person has done with a thread: read, voted, reported. */
export const StoredMark = z.object({
  person: z.string(),
  thread: z.string(),
  readUpTo: z.optional(z.int()),
  votes: z.array(z.int()),
  reported: z.array(z.int()),
})
export type StoredMark = z.infer<typeof StoredMark>

export const markRecords = records({
  schema: StoredMark,
  key: ({ person, thread }: { person: string; thread: string }) => ({ pk: `learner#${person}`, sk: `talk-mark#${thread}` }),
  people: { what: 'goes', says: 'What you have read, voted for and reported in discussions', whose: ({ person }) => person },
})

/** As those are looked for whom somebody may mention. */
export const soughtName = (name: string): string => folded(name).trim()

export const namesIn = (course: string): string => `talk-names#${course}`

/** Somebody who has written in a course: whom others may mention. */
export const talkerRecords = records({
  schema: z.object({ course: z.string(), person: z.string(), name: z.string(), as: Writer.shape.as }),
  key: ({ course, person }: { course: string; person: string }) => ({ pk: `talk#${course}`, sk: `person#${person}` }),
  index: ({ course, person, name }) => ({ ipk: namesIn(course), isk: `${soughtName(name)}#${person}` }),
  people: { what: 'goes', says: 'Courses in whose discussions you have written', whose: ({ person }) => person },
})

export const blockedRecords = records({
  schema: z.object({ course: z.string(), person: z.string(), name: z.string(), at: z.string(), by: z.string(), reason: z.string() }),
  key: ({ course, person }: { course: string; person: string }) => ({ pk: `talk#${course}`, sk: `blocked#${person}` }),
  people: { what: 'goes', says: 'Where you may not write any more', isSigned: true, whose: ({ person }) => person },
})

/** How many threads a place has; its key is the place’s own. */
export const tallyRecords = records({
  schema: z.object({ place: z.string(), threads: z.int() }),
  key: ({ place }: { place: string }) => ({ pk: place, sk: 'tally' }),
  people: ofNobody,
})

/** A question that waits for the staff, by when it was asked. */
export const waitingRecords = records({
  schema: z.object({ course: z.string(), thread: z.string(), at: z.string() }),
  key: ({ course, thread, at }: { course: string; thread: string; at: string }) => ({ pk: `talk#${course}`, sk: `waiting#${at}#${thread}` }),
  people: ofNobody,
})

export const MOST_REASONS = 10

export const reportRecords = records({
  schema: z.object({
    course: z.string(),
    thread: z.string(),
    number: z.int(),
    times: z.int(),
    /** The newest. */
    reasons: z.array(z.object({ by: z.string(), reason: z.string(), at: z.string() })),
  }),
  key: ({ course, thread, number }: { course: string; thread: string; number: number }) => ({ pk: `talk#${course}`, sk: `report#${thread}#${number}` }),
  people: {
    what: 'stays',
    says: 'Posts you have reported',
    because: 'The reason is for the staff to judge by.',
    shows: ({ course, thread, number }) => ({ course, thread, number }),
  },
})

/** What somebody has written, voted or reported lately. */
export const paceRecords = records({
  schema: z.object({ person: z.string(), since: z.string(), count: z.int() }),
  key: ({ person }: { person: string }) => ({ pk: `learner#${person}`, sk: 'talk-pace' }),
  people: { what: 'goes', says: 'How much you have written of late', whose: ({ person }) => person },
})
