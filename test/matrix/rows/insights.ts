import type { Rows } from '../row.ts'

const FIGURES = 'That the figures of the course are being put together, which is begun when somebody looks for them first.'

export const insights: Rows<'insights'> = {
  overview: { of: 'teacher', to: 'learners', input: ({ course }) => ({ course }), leaves: FIGURES },
  learners: { of: 'teacher', to: 'learners', input: ({ course }) => ({ course }), leaves: FIGURES },
  learner: { of: 'teacher', to: 'learners', input: ({ course, learner: person }) => ({ course, person }) },
  exportLearners: { of: 'teacher', to: 'learners', input: ({ course }) => ({ course }) },
  heat: { of: 'teacher', to: 'learners', input: ({ videoLesson: lesson }) => ({ lesson }) },
  quiz: { of: 'teacher', to: 'learners', input: ({ quiz: lesson }) => ({ lesson }) },
  revenue: { of: 'teacher', to: 'earn', input: ({ soldCourse: course }) => ({ course }) },
}
