import type { Rows } from '../row.ts'

export const calendar: Rows<'calendar'> = {
  setSession: { of: 'teacher', to: 'edit', input: ({ live: lesson }) => ({ lesson, session: { startsAt: '2026-05-05T18:00:00.000Z', minutes: 60 } }) },
  session: { of: 'course', input: ({ live: lesson }) => ({ lesson }) },
  mine: { of: 'nobody', input: () => ({ from: '2026-05-01T00:00:00.000Z', to: '2026-06-01T00:00:00.000Z' }) },
  feed: { of: 'nobody', input: () => ({}) },
  makeFeed: { of: 'nobody', input: () => ({}) },
  removeFeed: { of: 'nobody', input: () => ({}) },
  read: { of: 'nobody', input: ({ feed: token }) => ({ token }) },
}
