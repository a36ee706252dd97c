import { parseMediaPlaylist } from '#core/media/playlist.ts'
import { mediaPrefix, type StoredVideo } from '#core/media/records.ts'
import { all } from '#core/records.ts'
import { TRANSCRIPTION_LIMITS } from '#ports/transcription.ts'
import type { World } from '#ports/world.ts'
import { fromZero } from './fragments.ts'

type Store = Pick<World, 'objects'>

/** A stretch of a video's sound: keys of its segments, and where in the video it begins. */
export type SoundWindow = { startSeconds: number; init: string; segments: string[] }

type Segment = { key: string; seconds: number; bytes: number }

/** Cut between segments, each window as long as a service takes; one segment is never more than that. */
const windowsOf = (init: string, segments: readonly Segment[]): SoundWindow[] => {
  const windows: SoundWindow[] = []
  let [at, seconds, bytes] = [0, Number.POSITIVE_INFINITY, 0]
  for (const segment of segments) {
    if (seconds + segment.seconds > TRANSCRIPTION_LIMITS.seconds || bytes + segment.bytes > TRANSCRIPTION_LIMITS.bytes) {
      windows.push({ startSeconds: at, init, segments: [] })
      seconds = 0
      bytes = 0
    }
    windows.at(-1)?.segments.push(segment.key)
    at += segment.seconds
    seconds += segment.seconds
    bytes += segment.bytes
  }
  return windows
}

const bytesOf = async ({ objects }: Store, key: string): Promise<Uint8Array> => {
  const object = await objects.get(key)
  if (!object) throw new Error(`${key} is missing.`)
  return object.bytes
}

/** A video's sound in windows; empty when it has none. */
export const soundWindows = async ({ objects }: Store, { id, made }: Pick<StoredVideo, 'id' | 'made'>): Promise<SoundWindow[]> => {
  if (!made?.audio) return []
  const key = mediaPrefix(id) + made.audio.playlist
  const folder = key.slice(0, key.lastIndexOf('/') + 1)
  const sizes = new Map((await all((page) => objects.list(folder, page), 20_000)).map((meta) => [meta.key, meta.size]))
  const { init, segments } = parseMediaPlaylist(new TextDecoder().decode(await bytesOf({ objects }, key)))
  return windowsOf(
    folder + init,
    segments.map(({ uri, seconds }) => ({ key: folder + uri, seconds, bytes: sizes.get(folder + uri) ?? 0 })),
  )
}

/** A window as a sound file of its own. */
export const soundFile = async (store: Store, { init, segments }: SoundWindow): Promise<Uint8Array> =>
  fromZero(await bytesOf(store, init), await Promise.all(segments.map((key) => bytesOf(store, key))))
