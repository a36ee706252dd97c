import * as z from 'zod/mini'
import { LetterLanguage, MailChoice, NoticeKind } from '#contract/notifications.ts'
import { records } from '#core/records.ts'

/** Something a person is told of. */
export const StoredNotification = z.object({
  person: z.string(),
  id: z.string(),
  kind: NoticeKind,
  subject: z.string(),
  text: z.optional(z.string()),
  path: z.string(),
  /** Whom its words call by name, by their ids: that is how they are found when they leave. */
  names: z.optional(z.array(z.string())),
  at: z.string(),
  /** Said of this one alone; otherwise it is read when it is no newer than what was read last. */
  isRead: z.optional(z.boolean()),
})
export type StoredNotification = z.infer<typeof StoredNotification>

export const listOf = (person: string): string => `notifications-of#${person}`

export const notificationRecords = records({
  schema: StoredNotification,
  key: ({ person, id }: { person: string; id: string }) => ({ pk: `notifications#${person}`, sk: id }),
  index: ({ person, id, at }) => ({ ipk: listOf(person), isk: `${at}#${id}` }),
  people: { what: 'goes', says: 'What you have been told, and others of you', isTold: true, whose: ({ person }) => person },
})

/** Up to when somebody has read everything. */
export const seenRecords = records({
  schema: z.object({ person: z.string(), upTo: z.string() }),
  key: ({ person }: { person: string }) => ({ pk: `notifications#${person}`, sk: '#seen' }),
  people: { what: 'goes', says: 'Up to when you have read what you were told', whose: ({ person }) => person },
})

/** What a person has chosen; kinds that are left out are as usual. The token stands in each letter’s links. */
export const choiceRecords = records({
  schema: z.object({ person: z.string(), token: z.string(), mail: z.record(z.string(), MailChoice) }),
  key: ({ person }: { person: string }) => ({ pk: `learner#${person}`, sk: 'letters' }),
  people: { what: 'goes', says: 'Which letters you want', whose: ({ person }) => person, shows: ({ token: _, ...choices }) => choices },
})

/** What somebody is told and written to in. */
export const languageRecords = records({
  schema: z.object({ person: z.string(), language: LetterLanguage }),
  key: ({ person }: { person: string }) => ({ pk: `learner#${person}`, sk: 'language' }),
  people: { what: 'goes', says: 'The language you are written to in', whose: ({ person }) => person },
})

/** Whose letters a link is of. */
export const letterTokenRecords = records({
  schema: z.object({ token: z.string(), person: z.string() }),
  key: ({ token }: { token: string }) => ({ pk: `letters#${token}`, sk: 'person' }),
  people: { what: 'goes', says: 'The key in the links of your letters', whose: ({ person }) => person, shows: () => ({}) },
})

/** A line of somebody’s next daily letter. */
export const digestLineRecords = records({
  schema: z.object({ person: z.string(), id: z.string(), subject: z.string(), url: z.string(), names: z.optional(z.array(z.string())), at: z.string() }),
  key: ({ person, id, at }: { person: string; id: string; at: string }) => ({ pk: `digest#${person}`, sk: `${at}#${id}` }),
  people: { what: 'goes', says: 'Lines of your next daily letter, and of others’ that name you', isTold: true, whose: ({ person }) => person },
})

export const DIGESTS_DUE = 'digests-due'

/** That somebody has a daily letter coming, and when. */
export const digestRecords = records({
  schema: z.object({ person: z.string(), dueAt: z.string() }),
  key: ({ person }: { person: string }) => ({ pk: `learner#${person}`, sk: 'digest' }),
  index: ({ person, dueAt }) => ({ ipk: DIGESTS_DUE, isk: `${dueAt}#${person}` }),
  people: { what: 'goes', says: 'When your next daily letter is due', whose: ({ person }) => person },
})
