import type { Watchable } from '#ports/transcoder.ts'
import type { World } from '#ports/world.ts'
import { codecOf, masterPlaylist } from './playlist.ts'
import { mediaPrefix, type StoredVideo } from './records.ts'

/** Objects of the first rendition lie below this, so that they can go once the ladder is there. */
export const PREVIEW = 'preview/'
export const FIRST_MASTER = `${PREVIEW}master.m3u8`

const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'
/** What is told of a rendition whose segments are still being made. */
const GUESSED_KBPS = 700

const bitrateOf = ({ sizeBytes, facts }: StoredVideo, { kind }: Watchable): number =>
  kind === 'copy' && facts ? Math.ceil((sizeBytes * 8) / Math.max(1, facts.durationSeconds)) : GUESSED_KBPS * 1000

/** The master playlist of what can be watched while the ladder is being made: one rendition, and its sound. */
export const firstMaster = async ({ objects }: World, video: StoredVideo, watchable: Watchable): Promise<void> => {
  const prefix = mediaPrefix(video.id)
  const { rendition, audio, hasSoundInside } = watchable
  const init = await objects.get(`${prefix}${rendition.playlist.replace(/[^/]+$/, 'init.mp4')}`)
  if (!init) throw new Error(`The first rendition of ${video.id} has no initialisation section.`)
  const bitrate = bitrateOf(video, watchable)
  const up = (name: string): string => (name.startsWith(PREVIEW) ? name.slice(PREVIEW.length) : `../${name}`)
  const { width, height, fps } = rendition
  const variant = { uri: up(rendition.playlist), width, height, fps, codec: codecOf(init.bytes), peak: bitrate, average: bitrate, hasSoundInside }
  const sound = audio && { uri: up(audio.playlist), channels: audio.channels, peak: 0, average: 0 }
  await objects.put(`${prefix}${FIRST_MASTER}`, masterPlaylist({ variants: [variant], sound }), { type: PLAYLIST_TYPE, cacheControl: 'no-cache' })
}
