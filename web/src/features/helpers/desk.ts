import type { Part } from '#contract/helpers.ts'

/** The pages of a course's desk, and what somebody has to be let do to find something there. */
const NEEDS: [name: string, may: (part: Part) => boolean][] = [
  ['teach-course', ({ rights }) => rights.includes('edit')],
  ['teach-sales', ({ rights }) => rights.includes('edit')],
  ['teach-learners', ({ rights }) => rights.includes('learners')],
  ['teach-insights', ({ rights }) => rights.includes('learners')],
  ['teach-banks', ({ rights }) => rights.includes('edit')],
  ['teach-handings', ({ rights }) => rights.includes('grade')],
  ['teach-questions', ({ rights }) => rights.includes('talk')],
  ['teach-announcements', ({ as }) => as !== 'assistant'],
  ['teach-certificates', ({ as }) => as !== 'assistant'],
  ['teach-people', ({ as }) => as !== 'assistant'],
  ['teach-versions', ({ rights }) => rights.includes('edit')],
]

/** In their order; the first is where one begins. */
export const pagesFor = (part: Part): string[] => NEEDS.flatMap(([name, may]) => (may(part) ? [name] : []))
