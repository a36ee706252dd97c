import type { Rows } from '../row.ts'

export const learning: Rows<'learning'> = {
  mine: { of: 'nobody', input: () => ({}) },
  curriculum: { of: 'everybody', input: ({ course }) => ({ course }) },
  enrol: { of: 'everybody', input: ({ course }) => ({ course }) },
  lesson: { of: 'course', input: ({ article: lesson }) => ({ lesson }) },
  complete: { of: 'course', input: ({ article: lesson }) => ({ lesson, isCompleted: true }) },
  check: { of: 'course', input: ({ article: lesson, question }) => ({ lesson, answers: [{ question, answer: { chosen: [0] } }] }) },
}

/** What is found is the caller’s to see: words stand in articles, talk and notes. */
export const search: Rows<'search'> = {
  find: { of: 'everybody', input: ({ course }) => ({ words: 'only', course }) },
}

export const notes: Rows<'notes'> = {
  list: { of: 'nobody', input: () => ({}) },
  add: { of: 'course', input: ({ article: lesson }) => ({ lesson, body: 'Remember' }) },
  change: { of: 'learner', input: ({ course, article: lesson, note }) => ({ course, lesson, note, body: 'Remember well' }) },
  remove: { of: 'learner', input: ({ course, article: lesson, note }) => ({ course, lesson, note }) },
}

export const pictures: Rows<'pictures'> = {
  start: { of: 'teacher', to: 'edit', input: ({ course }) => ({ course, place: 'lesson', type: 'image/png', sizeBytes: 64 }) },
  finish: { of: 'teacher', to: 'edit', input: ({ sentPicture: picture }) => ({ picture }), isOnce: true },
  open: { of: 'course', input: ({ article: lesson, picture }) => ({ lesson, pictures: [picture] }) },
}

export const watching: Rows<'watching'> = {
  open: { of: 'course', input: ({ videoLesson: lesson }) => ({ lesson, browser: 'browser-0001' }) },
  beat: {
    of: 'learner',
    input: ({ stream }) => ({ stream, positionSeconds: 1, watched: [] }),
    but: { visitor: { gets: 'not-signed-in', because: 'a player whose sign-in has run out is told so; the id is its own' } },
  },
  streams: { of: 'nobody', input: () => ({}) },
  end: { of: 'learner', input: ({ stream }) => ({ stream }) },
  leave: { of: 'nobody', input: () => ({ browser: 'browser-Lena' }) },
  wish: { of: 'course', input: ({ videoLesson: lesson }) => ({ lesson, seconds: 3 }) },
  policy: { of: 'nobody', input: () => ({}) },
  putPolicy: { of: 'nobody', input: () => ({ streams: 3, hasWatermark: true }) },
}
