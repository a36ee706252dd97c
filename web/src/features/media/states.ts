import type { Video, VideoState } from '#contract/media.ts'

const AT_WORK: readonly VideoState[] = ['uploaded', 'probing', 'transcoding', 'packaging']
const STOPPED: readonly VideoState[] = ['held', 'cancelled', 'failed']

/** Its file has arrived and the school is at work on it: it changes by itself. */
export const isBeingMade = ({ state }: Pick<Video, 'state'>): boolean => AT_WORK.includes(state)

/** Nothing goes on before somebody does something. */
export const isStopped = ({ state }: Pick<Video, 'state'>): boolean => STOPPED.includes(state)

export const GROUPS = ['underWay', 'attention', 'ready'] as const
export type Group = (typeof GROUPS)[number]

export const groupOf = (video: Pick<Video, 'state'>): Group => (video.state === 'ready' ? 'ready' : isStopped(video) ? 'attention' : 'underWay')
