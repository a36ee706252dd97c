import type { Payload } from '#core/events.ts'
import type { ObjectMeta } from '#ports/objects.ts'
import type { World } from '#ports/world.ts'
import { avcCodec, bitrates, masterPlaylist, parseMediaPlaylist } from './playlist.ts'
import { mediaPrefix } from './records.ts'
import { chaptersVtt, storyboardVtt } from './webvtt.ts'

type Result = Payload<'transcode.finished'>['result']

const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'
const VTT_TYPE = 'text/vtt; charset=utf-8'
const CHANGING = 'no-cache'

/** A rung of about this height is listed first: players begin with it. */
const START_SHORT_SIDE = 720

const everything = async ({ objects }: Pick<World, 'objects'>, prefix: string): Promise<Map<string, ObjectMeta>> => {
  const found = new Map<string, ObjectMeta>()
  for (let page = await objects.list(prefix); ; page = await objects.list(prefix, page.next)) {
    for (const meta of page.items) found.set(meta.key.slice(prefix.length), meta)
    if (page.next === undefined) return found
  }
}

/** One media playlist, with the size of everything it names; throws when something named is not there. */
const measured = async ({ objects }: Pick<World, 'objects'>, prefix: string, playlist: string, stored: Map<string, ObjectMeta>) => {
  const object = await objects.get(prefix + playlist)
  if (!object) throw new Error(`${prefix}${playlist} is missing.`)
  const folder = playlist.slice(0, playlist.lastIndexOf('/') + 1)
  const { init, segments } = parseMediaPlaylist(new TextDecoder().decode(object.bytes))
  const sized = segments.map(({ uri, seconds }) => {
    const bytes = stored.get(folder + uri)?.size
    if (!bytes) throw new Error(`${prefix}${folder}${uri} is missing or empty.`)
    return { bytes, seconds }
  })
  const initObject = await objects.get(prefix + folder + init)
  if (!initObject) throw new Error(`${prefix}${folder}${init} is missing.`)
  return { init: initObject.bytes, ...bitrates(sized) }
}

const fromStartRung = (a: { width: number; height: number }, b: { width: number; height: number }): number => {
  const distance = ({ width, height }: { width: number; height: number }): number => Math.abs(Math.min(width, height) - START_SHORT_SIDE)
  return distance(a) - distance(b)
}

/**
 * Makes a transcoder's output playable: the master playlist, the storyboard's and the chapters' WebVTT. Throws when
 * anything the output names is missing; running it again writes the same bytes.
 */
export const packaged = async (
  { objects }: Pick<World, 'objects'>,
  { video, result }: { video: string; result: Result },
): Promise<{ rungs: string[]; chapters: Result['chapters'] }> => {
  const prefix = mediaPrefix(video)
  const stored = await everything({ objects }, prefix)
  for (const image of [...result.storyboard.sheets, result.poster]) if (!stored.get(image)?.size) throw new Error(`${prefix}${image} is missing or empty.`)
  const variants = await Promise.all(
    result.renditions.map(async ({ playlist, width, height, fps }) => {
      const { init, peak, average } = await measured({ objects }, prefix, playlist, stored)
      return { uri: playlist, width, height, fps, codec: avcCodec(init), peak, average }
    }),
  )
  const audio = result.audio
  const sound = audio && { uri: audio.playlist, channels: audio.channels, ...(await measured({ objects }, prefix, audio.playlist, stored)) }
  const master = masterPlaylist(variants.toSorted(fromStartRung), sound)
  const chapters = result.chapters.filter(({ startSeconds }) => startSeconds < result.durationSeconds)
  await objects.put(`${prefix}storyboard.vtt`, storyboardVtt(result.storyboard, result.durationSeconds), { type: VTT_TYPE, cacheControl: CHANGING })
  await objects.put(`${prefix}chapters.vtt`, chaptersVtt(chapters, result.durationSeconds), { type: VTT_TYPE, cacheControl: CHANGING })
  await objects.put(`${prefix}master.m3u8`, master, { type: PLAYLIST_TYPE, cacheControl: CHANGING })
  return { rungs: result.renditions.toSorted((a, b) => b.height - a.height).map(({ name }) => name), chapters }
}
