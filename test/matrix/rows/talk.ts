import type { Rows } from '../row.ts'

const READS_IT = { gets: 'not-allowed', because: 'who reads the thread may be told that it is somebody else’s' } as const
const IN_THE_COURSE = ['nina', 'theo', 'ada', 'oona', 'carl', 'eve', 'gus', 'tal', 'lea'] as const
const HELPS_OTHERWISE = { eve: READS_IT, gus: READS_IT, lea: READS_IT }
const OTHERS = { ...HELPS_OTHERWISE, nina: READS_IT, theo: READS_IT, ada: READS_IT, oona: READS_IT, carl: READS_IT, tal: READS_IT }

export const reviews: Rows<'reviews'> = {
  ofCourse: { of: 'everybody', input: ({ course }) => ({ course }) },
  mine: { of: 'everybody', input: ({ course }) => ({ course }) },
  write: {
    of: 'course',
    input: ({ course }) => ({ course, stars: 5, text: 'Very good.' }),
    but: {
      theo: { gets: 'not-allowed', because: 'nobody reviews a course of their own' },
      ada: { gets: 'not-enrolled', because: 'reviews are written by those who follow the course' },
    },
  },
  withdraw: { of: 'everybody', input: ({ course }) => ({ course }) },
  // A review stands where everybody reads it.
  report: { of: 'nobody', input: ({ review }) => ({ review, reason: 'Rude' }) },
  forStaff: { of: 'teacher', to: 'talk', input: ({ course }) => ({ course }) },
  reply: { of: 'teacher', to: 'talk', input: ({ review }) => ({ review, text: 'Thank you.' }) },
  judge: { of: 'teacher', to: 'talk', input: ({ review }) => ({ review, isHidden: true, reason: 'Rude' }) },
}

export const todo: Rows<'todo'> = {
  list: { of: 'nobody', input: () => ({}) },
  ofCourse: { of: 'teacher', to: 'see', input: ({ course }) => ({ course }) },
}

export const talk: Rows<'talk'> = {
  threads: { of: 'course', input: ({ course, article: lesson }) => ({ course, lesson }) },
  begin: { of: 'course', input: ({ course, article: lesson }) => ({ course, lesson, title: 'Why?', body: 'Why so?', isQuestion: true }) },
  thread: { of: 'learner', also: IN_THE_COURSE, input: ({ thread }) => ({ thread }) },
  reply: { of: 'learner', also: IN_THE_COURSE, input: ({ thread }) => ({ thread, body: 'Because.' }) },
  edit: { of: 'learner', input: ({ thread }) => ({ thread, number: 0, body: 'The right one?' }), but: OTHERS },
  remove: { of: 'learner', input: ({ thread }) => ({ thread, number: 0 }), but: OTHERS },
  mark: { of: 'learner', also: IN_THE_COURSE, input: ({ thread }) => ({ thread, readUpTo: 0 }) },
  report: {
    of: 'learner',
    also: IN_THE_COURSE,
    input: ({ thread }) => ({ thread, number: 0, reason: 'Rude' }),
    but: { lena: { gets: 'not-allowed', because: 'what one has written oneself one takes away' } },
  },
  moderate: {
    of: 'teacher',
    to: 'talk',
    input: ({ thread }) => ({ thread, number: 0, what: 'pin' }),
    but: { ...HELPS_OTHERWISE, lena: READS_IT, nina: READS_IT },
  },
  people: { of: 'course', input: ({ course }) => ({ course, begins: 'L' }) },
  desk: { of: 'teacher', to: 'talk', input: ({ course }) => ({ course, what: 'questions' }) },
  block: { of: 'teacher', to: 'talk', input: ({ course, learner: person }) => ({ course, person, isBlocked: true, reason: 'Rude' }) },
}
