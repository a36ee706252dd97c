import type { Rows } from '../row.ts'

export const courses: Rows<'courses'> = {
  mine: { of: 'nobody', input: () => ({}) },
  create: { of: 'nobody', input: () => ({ title: 'Shade' }) },
  get: { of: 'teacher', to: 'see', input: ({ course }) => ({ course }) },
  update: { of: 'teacher', to: 'edit', input: ({ course }) => ({ course, title: 'Another' }) },
  remove: { of: 'teacher', to: 'own', input: ({ hiddenCourse: course }) => ({ course }) },
  addSection: { of: 'teacher', to: 'edit', input: ({ course }) => ({ course, title: 'More' }) },
  renameSection: { of: 'teacher', to: 'edit', input: ({ course, section }) => ({ course, section, title: 'Ends' }) },
  openSection: { of: 'teacher', to: 'edit', input: ({ course, section }) => ({ course, section, opens: { by: 'days', days: 3 } }) },
  removeSection: { of: 'teacher', to: 'edit', input: ({ course, emptySection: section }) => ({ course, section }) },
  arrange: {
    of: 'teacher', to: 'edit',
    input: ({ hiddenCourse: course, hiddenSection: id, hiddenLesson }) => ({ course, sections: [{ id, lessons: [hiddenLesson] }] }),
  },
  addLesson: { of: 'teacher', to: 'edit', input: ({ course, section }) => ({ course, section, title: 'One more', kind: 'article' }) },
  lesson: { of: 'teacher', to: 'edit', input: ({ article: lesson }) => ({ lesson }) },
  updateLesson: { of: 'teacher', to: 'edit', input: ({ article: lesson }) => ({ lesson, title: 'To be read again' }) },
  removeLesson: { of: 'teacher', to: 'edit', input: ({ article: lesson }) => ({ lesson }) },
  removedLessons: { of: 'teacher', to: 'edit', input: ({ course }) => ({ course }) },
  restoreLesson: { of: 'teacher', to: 'edit', input: ({ removedLesson: lesson }) => ({ lesson }) },
  duplicateLesson: { of: 'teacher', to: 'edit', input: ({ article: lesson }) => ({ lesson }) },
  duplicate: { of: 'teacher', to: 'teach', input: ({ course }) => ({ course, title: 'Another' }) },
  archive: { of: 'teacher', to: 'teach', input: ({ course }) => ({ course, isArchived: true }) },
  schedule: { of: 'teacher', to: 'teach', input: ({ shortCourse: course }) => ({ course, publishAt: '2026-06-01T09:00:00.000Z' }) },
  publish: { of: 'teacher', to: 'teach', input: ({ shortCourse: course }) => ({ course }) },
  unpublish: { of: 'teacher', to: 'teach', input: ({ course }) => ({ course }) },
}
