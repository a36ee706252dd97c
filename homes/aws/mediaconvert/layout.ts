import { storyboardSeconds } from '#homes/machine/ffmpeg/plan.ts'
import type { TranscodeJob } from '#ports/transcoder.ts'

/**
 * Where MediaConvert writes below a job's output prefix. A family has a folder of its own, so that nothing of the ladder people are
 * watching is written anew.
 */
export const folderOf = ({ makes }: Pick<TranscodeJob, 'makes'>): string => (makes === 'whole' ? 'ladder/' : 'family/')

/** Names of files begin with this; the group's own playlist is `ladder/video.m3u8`. */
export const BASE = 'video'
export const POSTER = 'poster/poster'

/** What stands in an output's file names behind the base. */
export const modifierOf = (name: string): string => `-${name}`
export const SOUND_MODIFIER = '-sound'

const TILE_WIDTH = 240
/** MediaConvert refuses sheets higher than 4096 pixels. */
const MOST_TILE_HEIGHT = 408

export type Storyboard = { everySeconds: number; tileWidth: number; tileHeight: number; tiles: number }

/** Widths are multiples of 8 here and heights of 2: MediaConvert takes no others. */
export const storyboardOf = ({ durationSeconds, picture: { width, height } }: TranscodeJob['facts']): Storyboard => {
  const scale = Math.min(TILE_WIDTH / width, MOST_TILE_HEIGHT / height)
  const everySeconds = storyboardSeconds(durationSeconds)
  const tileHeight = Math.min(MOST_TILE_HEIGHT, 2 * Math.max(1, Math.round((height * scale) / 2)))
  return {
    ...{ everySeconds, tileHeight, tileWidth: 8 * Math.max(1, Math.round((width * scale) / 8)) },
    tiles: Math.max(1, Math.ceil(durationSeconds / everySeconds)),
  }
}
