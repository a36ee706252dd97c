import type { Rows } from '../row.ts'

export const courses: Rows<'courses'> = {
  mine: { of: 'nobody', input: () => ({}) },
  create: { of: 'nobody', input: () => ({ title: 'Shade' }) },
  get: { of: 'teacher', input: ({ course }) => ({ course }) },
  update: { of: 'teacher', input: ({ course }) => ({ course, title: 'Another' }) },
  remove: { of: 'teacher', input: ({ hiddenCourse: course }) => ({ course }) },
  addSection: { of: 'teacher', input: ({ course }) => ({ course, title: 'More' }) },
  renameSection: { of: 'teacher', input: ({ course, section }) => ({ course, section, title: 'Ends' }) },
  openSection: { of: 'teacher', input: ({ course, section }) => ({ course, section, opens: { by: 'days', days: 3 } }) },
  removeSection: { of: 'teacher', input: ({ course, emptySection: section }) => ({ course, section }) },
  arrange: {
    of: 'teacher',
    input: ({ hiddenCourse: course, hiddenSection: id, hiddenLesson }) => ({ course, sections: [{ id, lessons: [hiddenLesson] }] }),
  },
  addLesson: { of: 'teacher', input: ({ course, section }) => ({ course, section, title: 'One more', kind: 'article' }) },
  lesson: { of: 'teacher', input: ({ article: lesson }) => ({ lesson }) },
  updateLesson: { of: 'teacher', input: ({ article: lesson }) => ({ lesson, title: 'To be read again' }) },
  removeLesson: { of: 'teacher', input: ({ article: lesson }) => ({ lesson }) },
  removedLessons: { of: 'teacher', input: ({ course }) => ({ course }) },
  restoreLesson: { of: 'teacher', input: ({ removedLesson: lesson }) => ({ lesson }) },
  duplicateLesson: { of: 'teacher', input: ({ article: lesson }) => ({ lesson }) },
  duplicate: { of: 'teacher', input: ({ course }) => ({ course, title: 'Another' }) },
  archive: { of: 'teacher', input: ({ course }) => ({ course, isArchived: true }) },
  schedule: { of: 'teacher', input: ({ shortCourse: course }) => ({ course, publishAt: '2026-06-01T09:00:00.000Z' }) },
  publish: { of: 'teacher', input: ({ shortCourse: course }) => ({ course }) },
  unpublish: { of: 'teacher', input: ({ course }) => ({ course }) },
}
