import type { Row, Rows } from '../row.ts'

const NONE = { gets: 'not-found', because: 'an attempt is one’s own, and who looks after the course has made none' } as const
const notStaff: Row['but'] = { theo: NONE, ada: NONE }

const question = { kind: 'true-false' as const, prompt: 'Light bends.', explanation: '', isTrue: true }

export const quizzes: Rows<'quizzes'> = {
  open: { of: 'course', input: ({ quiz: lesson }) => ({ lesson }) },
  start: { of: 'course', input: ({ quiz: lesson }) => ({ lesson }) },
  attempt: { of: 'course', input: ({ quiz: lesson }) => ({ lesson, number: 1 }), but: notStaff },
  answer: {
    of: 'course',
    input: ({ quiz: lesson, quizQuestion }) => ({ lesson, number: 1, answers: [{ question: quizQuestion, answer: { chosen: [0] } }] }),
    but: notStaff,
  },
  write: { of: 'teacher', to: 'edit', input: ({ quiz: lesson }) => ({ lesson, questions: [question] }) },
  banks: { of: 'teacher', to: 'edit', input: ({ course }) => ({ course }) },
  addBank: { of: 'teacher', to: 'edit', input: ({ course }) => ({ course, title: 'More' }) },
  bank: { of: 'teacher', to: 'edit', input: ({ bank }) => ({ bank }) },
  writeBank: { of: 'teacher', to: 'edit', input: ({ bank }) => ({ bank, questions: [question] }) },
  removeBank: { of: 'teacher', to: 'edit', input: ({ bank }) => ({ bank }) },
}
