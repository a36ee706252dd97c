import { groupOf, type Step, type VideoState } from '#contract/media.ts'
import type { StoredVideo } from './records.ts'

type Name = Step['name']
type Times = StoredVideo['times']

/** In their order; each begins when the one before it was reached. */
const REACHED: readonly (readonly [name: Name, at: keyof Times])[] = [
  ['upload', 'uploaded'],
  ['probe', 'probed'],
  ['watchable', 'watchable'],
  ['rungs', 'rungs'],
  ['package', 'ready'],
  ['ready', 'ready'],
]

const RUNNING: Partial<Record<VideoState, readonly Name[]>> = {
  uploading: ['upload'],
  uploaded: ['probe'],
  probing: ['probe'],
  // The first watchable seconds and the ladder are made side by side.
  transcoding: ['watchable', 'rungs'],
  packaging: ['package'],
}

const begins = (name: Name, times: Times): string | undefined => {
  if (name === 'upload') return times.begun
  if (name === 'probe') return times.asked ?? times.uploaded
  if (name === 'watchable' || name === 'rungs') return times.probed
  return times.rungs
}

const stateOf = (name: Name, video: StoredVideo, isReached: boolean, isFirstOpen: boolean): Step['state'] => {
  if (isReached) return 'done'
  if (video.state === 'ready' || (name === 'watchable' && video.times.rungs !== undefined)) return 'skipped'
  if (groupOf(video) === 'trouble') return isFirstOpen ? 'failed' : 'waiting'
  return RUNNING[video.state]?.includes(name) ? 'running' : 'waiting'
}

const seconds = (from: string, to: number): number => Math.max(0, (to - Date.parse(from)) / 1000)

/** From how fast it has gone; before a twentieth is done, from what such videos usually take. */
const secondsLeft = (video: StoredVideo, now: Date): number | undefined => {
  const { percent, times, estimate } = video
  if (times.probed === undefined) return undefined
  const elapsed = seconds(times.probed, now.getTime())
  if (percent >= 5) return Math.round((elapsed * (100 - percent)) / percent)
  return estimate && Math.max(1, Math.round(estimate.wallSeconds - elapsed))
}

/** The pipeline as its teacher follows it. */
export const stepsOf = (video: StoredVideo, now: Date): Step[] => {
  let hasOpen = false
  return REACHED.map(([name, at]) => {
    const endedAt = video.times[at]
    const startedAt = begins(name, video.times)
    const state = stateOf(name, video, endedAt !== undefined, !hasOpen)
    if (endedAt === undefined && state !== 'skipped') hasOpen = true
    const left = name === 'rungs' && state === 'running' ? secondsLeft(video, now) : undefined
    return {
      ...{ name, state },
      ...(state === 'running' && (name === 'rungs' || name === 'package') && { percent: video.percent }),
      ...(startedAt !== undefined && state !== 'waiting' && state !== 'skipped' && { startedAt }),
      ...(endedAt !== undefined && { endedAt }),
      ...(left !== undefined && { secondsLeft: left }),
    }
  })
}
