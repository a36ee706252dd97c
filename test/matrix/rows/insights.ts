import type { Rows } from '../row.ts'

export const insights: Rows<'insights'> = {
  overview: { of: 'teacher', to: 'learners', input: ({ course }) => ({ course }) },
  learners: { of: 'teacher', to: 'learners', input: ({ course }) => ({ course }) },
  learner: { of: 'teacher', to: 'learners', input: ({ course, learner: person }) => ({ course, person }) },
  exportLearners: { of: 'teacher', to: 'learners', input: ({ course }) => ({ course }) },
  heat: { of: 'teacher', to: 'learners', input: ({ videoLesson: lesson }) => ({ lesson }) },
  quiz: { of: 'teacher', to: 'learners', input: ({ quiz: lesson }) => ({ lesson }) },
  revenue: { of: 'teacher', to: 'earn', input: ({ soldCourse: course }) => ({ course }) },
}
