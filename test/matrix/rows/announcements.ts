import type { Rows } from '../row.ts'

const words = { subject: 'Soon', body: 'Come and see.' }

export const announcements: Rows<'announcements'> = {
  list: { of: 'course', input: ({ course }) => ({ course }) },
  write: { of: 'teacher', to: 'teach', input: ({ course }) => ({ course, ...words }) },
  change: { of: 'teacher', to: 'teach', input: ({ announcement }) => ({ announcement, ...words }) },
  send: { of: 'teacher', to: 'teach', input: ({ announcement }) => ({ announcement }) },
  hold: { of: 'teacher', to: 'teach', input: ({ scheduled: announcement }) => ({ announcement }) },
  remove: { of: 'teacher', to: 'teach', input: ({ announcement }) => ({ announcement }) },
}
