import type { Rows } from '../row.ts'

export const insights: Rows<'insights'> = {
  overview: { of: 'teacher', input: ({ course }) => ({ course }) },
  learners: { of: 'teacher', input: ({ course }) => ({ course }) },
  learner: { of: 'teacher', input: ({ course, learner: person }) => ({ course, person }) },
  exportLearners: { of: 'teacher', input: ({ course }) => ({ course }) },
  heat: { of: 'teacher', input: ({ videoLesson: lesson }) => ({ lesson }) },
  quiz: { of: 'teacher', input: ({ quiz: lesson }) => ({ lesson }) },
  revenue: { of: 'teacher', input: ({ soldCourse: course }) => ({ course }) },
}
