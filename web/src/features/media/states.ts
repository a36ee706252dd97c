import { groupOf, type Video } from '#contract/media.ts'

/** Its file has arrived and the school is at work on it: it changes by itself. */
export const isBeingMade = (video: Pick<Video, 'state'>): boolean => groupOf(video) === 'moving' && video.state !== 'uploading'

/** Nothing goes on before somebody does something. */
export const isStopped = (video: Pick<Video, 'state'>): boolean => groupOf(video) === 'trouble'
