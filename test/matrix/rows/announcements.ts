import type { Rows } from '../row.ts'

const words = { subject: 'Soon', body: 'Come and see.' }

export const announcements: Rows<'announcements'> = {
  list: { of: 'course', input: ({ course }) => ({ course }) },
  write: { of: 'teacher', input: ({ course }) => ({ course, ...words }) },
  change: { of: 'teacher', input: ({ announcement }) => ({ announcement, ...words }) },
  send: { of: 'teacher', input: ({ announcement }) => ({ announcement }) },
  hold: { of: 'teacher', input: ({ scheduled: announcement }) => ({ announcement }) },
  remove: { of: 'teacher', input: ({ announcement }) => ({ announcement }) },
}
