import type { Row, Rows } from '../row.ts'

const HANDS_IN_NOTHING = { gets: 'not-allowed', because: 'who looks after the course looks at its assignments, and hands nothing in' } as const
const notStaff: Row['but'] = { theo: HANDS_IN_NOTHING, ada: HANDS_IN_NOTHING }

export const assignments: Rows<'assignments'> = {
  open: { of: 'course', input: ({ assignment: lesson }) => ({ lesson }) },
  keep: { of: 'course', input: ({ secondAssignment: lesson }) => ({ lesson, text: 'So far' }), but: notStaff },
  handIn: { of: 'course', input: ({ thirdAssignment: lesson }) => ({ lesson, text: 'All of it' }), but: notStaff },
  startFile: { of: 'course', input: ({ secondAssignment: lesson }) => ({ lesson, name: 'more.pdf', sizeBytes: 900, type: 'application/pdf' }), but: notStaff },
  signFile: { of: 'learner', input: ({ openWork: file }) => ({ file, parts: [1] }) },
  finishFile: { of: 'learner', input: ({ sentWork: file }) => ({ file }), isOnce: true },
  removeFile: { of: 'learner', input: ({ workFile: file }) => ({ file }) },
  download: { of: 'learner', also: ['theo', 'ada', 'oona', 'carl', 'gus'], input: ({ handedFile: file }) => ({ file }) },
  write: { of: 'teacher', to: 'edit', input: ({ assignment: lesson }) => ({ lesson, rules: { takes: 'text', passPercent: 50, rubric: [] } }) },
  queue: { of: 'teacher', to: 'grade', input: ({ course, assignment: lesson }) => ({ course, lesson }) },
  handing: { of: 'teacher', to: 'grade', input: ({ handing }) => ({ handing }) },
  grade: { of: 'teacher', to: 'grade', input: ({ handing }) => ({ handing, levels: [2, 1], feedback: 'Well seen.', isPassed: true }) },
}
