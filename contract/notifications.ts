import * as z from 'zod/mini'
import { done, endpoint, nothing, when } from './base.ts'

/**
 * What somebody may be told of. `account` and `moderation` are always written at once: they are about one’s own standing. The others each person
 * chooses for themselves.
 */
export const NoticeKind = z.enum([
  ...(['reply', 'mention', 'announcement', 'course', 'assignment', 'certificate'] as const),
  ...(['question', 'review', 'report', 'video', 'series'] as const),
  ...(['moderation', 'account'] as const),
])
export type NoticeKind = z.infer<typeof NoticeKind>

/** `daily`: one letter a day with everything of that kind. */
export const MailChoice = z.enum(['at-once', 'daily', 'never'])
export type MailChoice = z.infer<typeof MailChoice>

export const ALWAYS_WRITTEN: readonly NoticeKind[] = ['moderation', 'account']
/** Of those who teach. */
export const TEACHERS_KINDS: readonly NoticeKind[] = ['question', 'review', 'report', 'video', 'series']

/** Languages that letters and notifications are written in. */
export const LetterLanguage = z.enum(['en', 'de', 'es'])
export type LetterLanguage = z.infer<typeof LetterLanguage>

export const Notification = z.object({
  id: z.string(),
  kind: NoticeKind,
  subject: z.string(),
  text: z.optional(z.string()),
  /** A path of the school’s pages. */
  path: z.string(),
  at: when,
  isRead: z.boolean(),
})
export type Notification = z.infer<typeof Notification>

export const Preference = z.object({ kind: NoticeKind, mail: MailChoice })
export type Preference = z.infer<typeof Preference>

/** What a link in a letter may stop: one kind, or the daily letter with all kinds that are in it. */
export const Stoppable = z.enum([...NoticeKind.options, 'daily'])
export type Stoppable = z.infer<typeof Stoppable>

export const notifications = {
  mine: endpoint({
    method: 'GET',
    path: '/notifications',
    access: 'person',
    summary: 'What I was told of, the newest first; and how much of the newest fifty I have not read',
    input: z.object({
      kind: z.optional(NoticeKind),
      limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(50)), 20),
      page: z.optional(z.string().check(z.maxLength(2000))),
    }),
    output: z.object({ notifications: z.array(Notification), unread: z.int(), next: z.optional(z.string()) }),
  }),
  read: endpoint({
    method: 'PUT',
    path: '/notifications/read',
    access: 'person',
    summary: 'Mark some as read, or not read after all; without any, everything there is as read',
    input: z.object({ ids: z.optional(z.array(z.string().check(z.maxLength(200))).check(z.minLength(1), z.maxLength(50))), isRead: z.boolean() }),
    output: done,
  }),
  preferences: endpoint({
    method: 'GET',
    path: '/notifications/preferences',
    access: 'person',
    summary: 'What I am written about, and when',
    input: nothing,
    output: z.object({ preferences: z.array(Preference) }),
  }),
  choose: endpoint({
    method: 'PUT',
    path: '/notifications/preferences',
    access: 'person',
    summary: 'Choose when I am written about one kind of thing',
    input: Preference,
    output: z.object({ preferences: z.array(Preference) }),
  }),
  setLanguage: endpoint({
    method: 'PUT',
    path: '/notifications/language',
    access: 'person',
    summary: 'Say in which language I am told and written to; the pages do when somebody signs in or chooses another',
    input: z.object({ language: LetterLanguage }),
    output: done,
  }),
  stop: endpoint({
    method: 'POST',
    path: '/letters/{token}/{kind}',
    access: 'anyone',
    summary: 'Stop letters of one kind by a link of one of them, with no sign-in (RFC 8058); with `mail`, choose otherwise',
    input: z.object({ token: z.string().check(z.minLength(16), z.maxLength(100)), kind: Stoppable, mail: z._default(MailChoice, 'never') }),
    /** `before`: what one may go back to. */
    output: z.object({ kind: Stoppable, mail: MailChoice, before: z.optional(MailChoice) }),
  }),
}
