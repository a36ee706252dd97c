import type { Video } from '#contract/media.ts'

/** A video of a plain lecture, in whatever state a test needs. */
export const aVideo = (of: Partial<Video> = {}): Video => ({
  ...{ id: 'vid_00000001', lesson: 'les_00000001', state: 'ready', fileName: 'a.mp4', sizeBytes: 20, percent: 0, recipe: 'standard' },
  ...{ canRetry: false, canCancel: false, replaces: false, steps: [], rungs: [], chapters: [], poster: 'automatic' },
  ...of,
})
