import type { Step, Video } from '#contract/media.ts'

/** A step as it is drawn: one that came to a halt says which kind of halt it was. */
export type StepLook = Step['state'] | 'held' | 'cancelled'

export const lookOf = (step: Pick<Step, 'state'>, video: Pick<Video, 'state'>): StepLook => {
  if (step.state !== 'failed') return step.state
  return video.state === 'held' || video.state === 'cancelled' ? video.state : 'failed'
}

/** How long a step has taken or has been going; undefined while it waits, and for one that came to a halt. */
export const elapsedSeconds = ({ state, startedAt, endedAt }: Step, nowMs: number): number | undefined => {
  if (startedAt === undefined || (endedAt === undefined && state !== 'running')) return undefined
  // A browser whose clock is behind the school’s would count backwards.
  return Math.max(0, (endedAt === undefined ? nowMs : Date.parse(endedAt)) - Date.parse(startedAt)) / 1000
}

/** What a video is doing, in the words of the locale file below `videos.now`. */
export const doingOf = ({ state, watchable }: Pick<Video, 'state' | 'watchable'>): string =>
  state === 'transcoding' ? (watchable ? 'rungs' : 'watchable') : state

/** How far the work of the present state is; undefined where that cannot be told. */
export const percentOf = ({ state, percent }: Pick<Video, 'state' | 'percent'>): number | undefined =>
  state === 'transcoding' || state === 'packaging' ? percent : undefined

export const secondsLeft = ({ steps }: Pick<Video, 'steps'>): number | undefined =>
  steps.find(({ state, secondsLeft: left }) => state === 'running' && left !== undefined)?.secondsLeft

const CODECS: Readonly<Record<string, string>> = {
  ...{ h264: 'H.264', hevc: 'H.265', av1: 'AV1', vp8: 'VP8', vp9: 'VP9', mpeg1video: 'MPEG-1', mpeg2video: 'MPEG-2', mpeg4: 'MPEG-4' },
  ...{ prores: 'ProRes', dnxhd: 'DNxHD', mjpeg: 'Motion JPEG', theora: 'Theora', wmv3: 'WMV', vc1: 'VC-1' },
}

export const codecName = (codec: string): string => CODECS[codec] ?? codec.toUpperCase()

/** As written on a camera: `29.97`, `25`. */
export const fpsText = (fps: number, locale: string): string => new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(fps)
