import type { Rows } from '../row.ts'

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1]).toString('base64')

export const media: Rows<'media'> = {
  startUpload: {
    of: 'teacher',
    input: ({ emptyVideoLesson: lesson }) => ({ lesson, fileName: 'lecture.mp4', sizeBytes: 2500, type: 'video/mp4' }),
  },
  upload: { of: 'teacher', input: ({ upload }) => ({ upload }) },
  signParts: { of: 'teacher', input: ({ upload }) => ({ upload, parts: [1] }) },
  finishUpload: { of: 'teacher', input: ({ sentUpload: upload }) => ({ upload }), isOnce: true },
  cancelUpload: { of: 'teacher', input: ({ upload }) => ({ upload }), isOnce: true },
  video: { of: 'teacher', input: ({ video }) => ({ video }) },
  retry: { of: 'teacher', input: ({ failedVideo: video }) => ({ video }) },
  cancel: { of: 'teacher', input: ({ runningVideo: video }) => ({ video }) },
  keepPrevious: { of: 'teacher', input: ({ replacement: video }) => ({ video }) },
  videos: { of: 'nobody', input: () => ({}) },
  pieces: { of: 'teacher', input: ({ runningVideo: video }) => ({ video }) },
  putPoster: { of: 'teacher', input: ({ video }) => ({ video, image: JPEG }) },
  removePoster: { of: 'teacher', input: ({ video }) => ({ video }) },
  putChapters: { of: 'teacher', input: ({ video }) => ({ video, chapters: [{ startSeconds: 2, title: 'Second' }] }) },
}

export const recipes: Rows<'recipes'> = {
  all: { of: 'nobody', input: () => ({}) },
  estimate: { of: 'nobody', input: () => ({ durationSeconds: 60, width: 1280, height: 720 }) },
  policy: { of: 'nobody', input: () => ({}) },
  putPolicy: { of: 'nobody', input: () => ({ recipe: 'standard', budget: {} }) },
}

export const versions: Rows<'versions'> = {
  list: { of: 'teacher', input: ({ course }) => ({ course }) },
  compare: { of: 'teacher', input: ({ course, article: lesson }) => ({ course, number: 1, lesson }) },
  restore: { of: 'teacher', input: ({ course }) => ({ course, number: 1 }) },
  preview: { of: 'teacher', input: ({ course }) => ({ course, day: 3, completed: 1 }) },
}
