import * as z from 'zod/mini'
import { done, endpoint, id, nothing, when } from './base.ts'
import { LiveSession, SessionState } from './live.ts'

/** A live session as somebody who may see its lesson sees it. */
export const SessionView = z.object({
  startsAt: when,
  minutes: z.int(),
  state: SessionState,
  /** By the school's clock, so that a page may count down whatever its own says. */
  now: when,
  /** Absent before its time, and for whoever does not have the course. */
  link: z.optional(z.string()),
  /** When the link is shown; absent where there is none yet. */
  linkAt: z.optional(when),
  /** Have the course to take part. */
  mayJoin: z.boolean(),
  /** An iCalendar file of this one session, which leads to the lesson and not to the meeting. */
  file: z.string(),
})
export type SessionView = z.infer<typeof SessionView>

/** `session`: it takes place · `due`: work is to be handed in · `opening`: a section opens. */
export const CalendarEntry = z.object({
  kind: z.enum(['session', 'due', 'opening']),
  at: when,
  minutes: z.optional(z.int()),
  title: z.string(),
  course: z.object({ id: id('crs'), title: z.string() }),
  /** Where it leads; absent where nothing of it is open yet. */
  lesson: z.optional(id('les')),
  isDone: z.boolean(),
  /** I teach it. */
  isMine: z.boolean(),
})
export type CalendarEntry = z.infer<typeof CalendarEntry>

export const MOST_CALENDAR_DAYS = 400

const lesson = id('les')

export const calendar = {
  setSession: endpoint({
    method: 'PUT',
    path: '/teach/lessons/{lesson}/session',
    access: 'teaching',
    summary: 'Say when a live session is, and where',
    input: z.object({ lesson, session: LiveSession }),
    output: LiveSession,
  }),
  session: endpoint({
    method: 'GET',
    path: '/lessons/{lesson}/session',
    access: 'anyone',
    summary: 'When a live session is that I may see, and its link once it is time',
    input: z.object({ lesson }),
    output: SessionView,
  }),
  mine: endpoint({
    method: 'GET',
    path: '/calendar',
    access: 'person',
    summary: 'Sessions, work that is due and sections that open, of the courses I follow or teach, in order',
    input: z.object({ from: when, to: when }),
    output: z.object({ entries: z.array(CalendarEntry) }),
  }),
  feed: endpoint({
    method: 'GET',
    path: '/calendar/feed',
    access: 'person',
    summary: 'The address that my calendar is read from by other programs, where I have made one',
    input: nothing,
    output: z.object({ url: z.optional(z.string()) }),
  }),
  makeFeed: endpoint({
    method: 'POST',
    path: '/calendar/feed',
    access: 'person',
    summary: 'Make such an address, in place of the one there was',
    input: nothing,
    output: z.object({ url: z.string() }),
  }),
  removeFeed: endpoint({
    method: 'DELETE',
    path: '/calendar/feed',
    access: 'person',
    summary: 'Close the address: whatever reads it finds nothing there',
    input: nothing,
    output: done,
  }),
  read: endpoint({
    method: 'GET',
    path: '/calendar/feeds/{token}',
    access: 'anyone',
    summary: 'Somebody’s calendar as an iCalendar file (RFC 5545); the address is the key',
    input: z.object({ token: z.string().check(z.minLength(16), z.maxLength(100)) }),
    output: z.file(),
  }),
}
