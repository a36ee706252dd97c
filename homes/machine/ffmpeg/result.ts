import { perSecond } from '#core/recipes/ladder.ts'
import type { Rendition, Transcoded, TranscodeJob } from '#ports/transcoder.ts'
import type { MachineObjects } from '../objects.ts'
import { type Made, type MadeTrack, sheetNames } from './pieces.ts'
import type { Plan } from './plan.ts'
import { keysPlaylist, mediaPlaylist, type TrackSegments } from './playlists.ts'

/** A job all of whose pieces are made. */
export type MadeJob = { asked: TranscodeJob; plan: Plan; finished: Map<string, Made>; objects: MachineObjects }

export const PLAYLIST = { type: 'application/vnd.apple.mpegurl', cacheControl: 'no-cache' }

const tracksIn = (finished: Map<string, Made>, track: string): MadeTrack[] =>
  [...finished.values()].flatMap((made) => made.tracks[track] ?? []).toSorted((a, b) => a.first - b.first)

const segmentsOf = (finished: Map<string, Made>, track: string): TrackSegments => {
  const parts = tracksIn(finished, track)
  return { seconds: parts.flatMap(({ seconds }) => seconds), keys: parts.flatMap(({ keys }) => keys.map((key) => key ?? undefined)) }
}

const writeRung = async (made: MadeJob, { name, codec, width, height }: Plan['rungs'][number]): Promise<Rendition> => {
  const segments = segmentsOf(made.finished, name)
  const keys = keysPlaylist(segments)
  if (keys !== undefined) await made.objects.put(`${made.asked.output}${name}/keys.m3u8`, keys, PLAYLIST)
  await made.objects.put(`${made.asked.output}${name}/index.m3u8`, mediaPlaylist(segments.seconds, { isWhole: true }), PLAYLIST)
  return {
    name,
    codec,
    width,
    height,
    fps: perSecond(made.plan.fps),
    playlist: `${name}/index.m3u8`,
    ...(keys !== undefined ? { keys: `${name}/keys.m3u8` } : {}),
  }
}

export const damageOf = (finished: Map<string, Made>): Pick<Transcoded, 'damage'> => {
  const damage = [...finished.values()].flatMap((made) => made.damage ?? [])
  const sum = (of: 'errors' | 'frames'): number => damage.reduce((total, each) => total + each[of], 0)
  return damage.length === 0 ? {} : { damage: { errors: sum('errors'), frames: sum('frames') } }
}

/** Writes the playlists of what has been made, and answers what there is. */
export const resultOf = async (made: MadeJob): Promise<Transcoded> => {
  const { plan, finished, asked } = made
  const renditions: Rendition[] = []
  for (const rung of plan.rungs) renditions.push(await writeRung(made, rung))
  const durationSeconds = plan.frames / perSecond(plan.fps)
  if (asked.makes === 'family') return { durationSeconds, renditions }
  const sound = segmentsOf(finished, 'audio').seconds
  if (sound.length > 0) await made.objects.put(`${asked.output}audio/index.m3u8`, mediaPlaylist(sound, { isWhole: true }), PLAYLIST)
  const { everySeconds, tileWidth, tileHeight, tiles } = plan.storyboard
  return {
    ...{ durationSeconds, renditions, poster: 'poster.jpg' },
    ...(sound.length > 0 ? { audio: { playlist: 'audio/index.m3u8', channels: 2 } } : {}),
    ...(plan.facts.sound && sound.length === 0 ? { lostSound: true } : {}),
    storyboard: { sheets: sheetNames(plan), everySeconds, tileWidth, tileHeight, tiles },
    ...damageOf(finished),
  }
}
