import * as z from 'zod/mini'
import { done, endpoint, id, when } from './base.ts'

/** `draft`: nobody sees it · `scheduled`: goes out by itself · `sent`: everybody in the course can read it. */
export const Announcement = z.object({
  id: z.string(),
  course: z.string(),
  subject: z.string(),
  /** Markdown. */
  body: z.string(),
  by: z.object({ id: z.string(), name: z.string() }),
  state: z.enum(['draft', 'scheduled', 'sent']),
  createdAt: when,
  /** When it is to go out, or went out. */
  at: z.optional(when),
  /** To how many it has been told so far; for the staff. */
  told: z.optional(z.int()),
  /** All who were to be told have been; for the staff. */
  isTold: z.optional(z.boolean()),
})
export type Announcement = z.infer<typeof Announcement>

const course = id('crs')
const announcement = id('ann')
const subject = z.string().check(z.trim(), z.minLength(1), z.maxLength(140))
const body = z.string().check(z.maxLength(20_000))

export const announcements = {
  list: endpoint({
    method: 'GET',
    path: '/courses/{course}/announcements',
    access: 'person',
    summary: 'What was announced in a course, the newest first; for its staff the drafts too',
    input: z.object({ course, page: z.optional(z.string().check(z.maxLength(2000))) }),
    output: z.object({ announcements: z.array(Announcement), mayWrite: z.boolean(), next: z.optional(z.string()) }),
  }),
  write: endpoint({
    method: 'POST',
    path: '/courses/{course}/announcements',
    access: 'teaching',
    summary: 'Begin an announcement, as a draft',
    input: z.object({ course, subject, body }),
    output: Announcement,
  }),
  change: endpoint({
    method: 'PATCH',
    path: '/announcements/{announcement}',
    access: 'teaching',
    summary: 'Change what an announcement says; one that went out is mended for whoever reads it from then on',
    input: z.object({ announcement, subject, body }),
    output: Announcement,
  }),
  send: endpoint({
    method: 'POST',
    path: '/announcements/{announcement}/sending',
    access: 'teaching',
    summary: 'Send it, now or at a later moment; a new moment takes the place of the one before',
    input: z.object({ announcement, at: z.optional(when) }),
    output: Announcement,
  }),
  hold: endpoint({
    method: 'DELETE',
    path: '/announcements/{announcement}/sending',
    access: 'teaching',
    summary: 'Not send what was scheduled: it is a draft again',
    input: z.object({ announcement }),
    output: Announcement,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/announcements/{announcement}',
    access: 'teaching',
    summary: 'Remove an announcement; letters that went out cannot be called back',
    input: z.object({ announcement }),
    output: done,
  }),
}
