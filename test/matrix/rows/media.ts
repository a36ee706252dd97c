import type { Rows } from '../row.ts'

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1]).toString('base64')

export const media: Rows<'media'> = {
  startUpload: {
    of: 'teacher',
    to: 'edit',
    input: ({ emptyVideoLesson: lesson }) => ({ lesson, fileName: 'lecture.mp4', sizeBytes: 2500, type: 'video/mp4' }),
  },
  upload: { of: 'teacher', to: 'edit', input: ({ upload }) => ({ upload }) },
  signParts: { of: 'teacher', to: 'edit', input: ({ upload }) => ({ upload, parts: [1] }) },
  finishUpload: { of: 'teacher', to: 'edit', input: ({ sentUpload: upload }) => ({ upload }), isOnce: true },
  cancelUpload: { of: 'teacher', to: 'edit', input: ({ upload }) => ({ upload }), isOnce: true },
  video: { of: 'teacher', to: 'edit', input: ({ video }) => ({ video }) },
  retry: { of: 'teacher', to: 'edit', input: ({ failedVideo: video }) => ({ video }) },
  cancel: { of: 'teacher', to: 'edit', input: ({ runningVideo: video }) => ({ video }) },
  keepPrevious: { of: 'teacher', to: 'edit', input: ({ replacement: video }) => ({ video }) },
  videos: { of: 'nobody', input: () => ({}) },
  pieces: { of: 'teacher', to: 'edit', input: ({ runningVideo: video }) => ({ video }) },
  putPoster: { of: 'teacher', to: 'edit', input: ({ video }) => ({ video, image: JPEG }) },
  removePoster: { of: 'teacher', to: 'edit', input: ({ video }) => ({ video }) },
  putChapters: { of: 'teacher', to: 'edit', input: ({ video }) => ({ video, chapters: [{ startSeconds: 2, title: 'Second' }] }) },
}

export const recipes: Rows<'recipes'> = {
  all: { of: 'nobody', input: () => ({}) },
  estimate: { of: 'nobody', input: () => ({ durationSeconds: 60, width: 1280, height: 720 }) },
  policy: { of: 'nobody', input: () => ({}) },
  putPolicy: { of: 'nobody', input: () => ({ recipe: 'standard', budget: {} }) },
}

export const versions: Rows<'versions'> = {
  list: { of: 'teacher', to: 'edit', input: ({ course }) => ({ course }) },
  compare: { of: 'teacher', to: 'edit', input: ({ course, article: lesson }) => ({ course, number: 1, lesson }) },
  restore: { of: 'teacher', to: 'teach', input: ({ course }) => ({ course, number: 1 }) },
  preview: { of: 'teacher', to: 'edit', input: ({ course }) => ({ course, day: 3, completed: 1 }) },
}
