import { CAPTIONS, shownCaptionsIn } from '#core/captions/records.ts'
import { objectsBelow } from '#core/objects.ts'
import type { ObjectEntry } from '#ports/objects.ts'
import type { World } from '#ports/world.ts'
import type { Result } from './facts.ts'
import { bitrates, codecOf, masterPlaylist, parseKeys, parseMediaPlaylist, type Sound, type Subtitles, subtitlePlaylist, type Variant } from './playlist.ts'
import { mediaPrefix, type StoredVideo } from './records.ts'
import { chaptersVtt, storyboardVtt } from './webvtt.ts'

const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'
const VTT_TYPE = 'text/vtt; charset=utf-8'
const CHANGING = 'no-cache'

/** A rung of about this height is listed first: players begin with it. */
const START_SHORT_SIDE = 720

/** A video's objects by their names below its prefix, and those that the package is made of. */
type Shelf = { objects: World['objects']; prefix: string; stored: Map<string, ObjectEntry>; used: Map<string, ObjectEntry> }

const openShelf = async ({ objects }: Pick<World, 'objects'>, prefix: string): Promise<Shelf> => {
  const stored = new Map<string, ObjectEntry>()
  for await (const meta of objectsBelow({ objects }, prefix)) stored.set(meta.key.slice(prefix.length), meta)
  return { objects, prefix, stored, used: new Map() }
}

/** @throws Error when it is not there or empty: the package waits for it. */
const take = ({ prefix, stored, used }: Shelf, name: string): ObjectEntry => {
  const meta = stored.get(name)
  if (!meta?.size) throw new Error(`${prefix}${name} is missing or empty.`)
  used.set(name, meta)
  return meta
}

const bytesOf = async (shelf: Shelf, name: string): Promise<Uint8Array> => {
  take(shelf, name)
  const object = await shelf.objects.get(shelf.prefix + name)
  if (!object) throw new Error(`${shelf.prefix}${name} is missing.`)
  return object.bytes
}

const textOf = async (shelf: Shelf, name: string): Promise<string> => new TextDecoder().decode(await bytesOf(shelf, name))

const put = async (shelf: Shelf, name: string, text: string, type: string): Promise<void> => {
  shelf.used.set(name, await shelf.objects.put(shelf.prefix + name, text, { type, cacheControl: CHANGING }))
}

/** One media playlist, with the size of everything it names. */
const measured = async (shelf: Shelf, playlist: string) => {
  const folder = playlist.slice(0, playlist.lastIndexOf('/') + 1)
  const { init, segments } = parseMediaPlaylist(await textOf(shelf, playlist))
  const sized = segments.map(({ uri, seconds }) => ({ bytes: take(shelf, folder + uri).size, seconds }))
  return { init: await bytesOf(shelf, folder + init), ...bitrates(sized) }
}

const keysOf = async (shelf: Shelf, keys: string | undefined): Promise<Pick<Variant, 'keys'>> => {
  if (keys === undefined) return {}
  const ranges = parseKeys(await textOf(shelf, keys))
  if (ranges.length === 0) throw new Error(`${shelf.prefix}${keys} lists no key frame.`)
  return { keys: { uri: keys, peak: bitrates(ranges).peak } }
}

const variantOf = async (shelf: Shelf, { playlist, keys, width, height, fps }: Result['renditions'][number]): Promise<Variant> => {
  const { init, peak, average } = await measured(shelf, playlist)
  return { ...{ uri: playlist, width, height, fps, codec: codecOf(init), peak, average }, ...(await keysOf(shelf, keys)) }
}

const soundOf = async (shelf: Shelf, { audio }: Result): Promise<Sound | undefined> => {
  if (!audio) return undefined
  const { peak, average } = await measured(shelf, audio.playlist)
  return { uri: audio.playlist, channels: audio.channels, peak, average }
}

/** Captions published a moment ago may not have been laid out yet: when they are, the video is packaged again. */
const subtitlesOf = async (shelf: Shelf, shown: readonly { language: string; label: string }[], seconds: number): Promise<Subtitles[]> =>
  Promise.all(
    shown
      .filter(({ language }) => shelf.stored.has(`${CAPTIONS}${language}.vtt`))
      .map(async ({ language, label }) => {
        const uri = `${CAPTIONS}${language}.m3u8`
        take(shelf, `${CAPTIONS}${language}.vtt`)
        await put(shelf, uri, subtitlePlaylist(`${language}.vtt`, seconds), PLAYLIST_TYPE)
        return { language, label, uri }
      }),
  )

type Ranked = { width: number; height: number; codec: string }

/** H.264 before what not everyone can play, and near the size a player should begin with before others. */
const byStart = (a: Ranked, b: Ranked): number => {
  const rank = ({ codec }: Ranked): number => (codec.startsWith('avc1') ? 0 : 1)
  const distance = ({ width, height }: Ranked): number => Math.abs(Math.min(width, height) - START_SHORT_SIDE)
  return rank(a) - rank(b) || distance(a) - distance(b)
}

const pictures = async (shelf: Shelf, { storyboard, poster, durationSeconds }: Result): Promise<void> => {
  for (const image of [...(storyboard?.sheets ?? []), ...(poster === undefined ? [] : [poster])]) take(shelf, image)
  if (storyboard) await put(shelf, 'storyboard.vtt', storyboardVtt(storyboard, durationSeconds), VTT_TYPE)
}

/** Every object of the package with its size and hash (the store's own: MD5 of what was put in one piece), so that a copy can be checked whole. */
const manifest = async (shelf: Shelf, video: StoredVideo): Promise<void> => {
  const listed = [...shelf.used].map(([name, { size, etag }]) => ({ name, bytes: size, etag })).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const bytes = listed.reduce((sum, each) => sum + each.bytes, 0)
  await put(shelf, 'manifest.json', JSON.stringify({ video: video.id, job: video.job, recipe: video.recipe, bytes, objects: listed }), 'application/json')
}

/**
 * Makes a transcoder's output playable: the master playlist, the storyboard's and the chapters' WebVTT, and the manifest.
 * Throws when anything the output names is missing; running it again writes the same bytes.
 */
export const packaged = async (world: Pick<World, 'objects' | 'tables'>, video: StoredVideo): Promise<{ rungs: string[] }> => {
  const { made } = video
  if (!made) throw new Error(`${video.id} has nothing to package.`)
  const shelf = await openShelf(world, mediaPrefix(video.id))
  await pictures(shelf, made)
  const variants = await Promise.all(made.renditions.map((rendition) => variantOf(shelf, rendition)))
  const sound = await soundOf(shelf, made)
  const subtitles = await subtitlesOf(shelf, await shownCaptionsIn(world.tables, video.id), made.durationSeconds)
  const chapters = video.chapters.filter(({ startSeconds }) => startSeconds < made.durationSeconds)
  await put(shelf, 'chapters.vtt', chaptersVtt(chapters, made.durationSeconds), VTT_TYPE)
  await put(shelf, 'master.m3u8', masterPlaylist({ variants: variants.toSorted(byStart), sound, subtitles }), PLAYLIST_TYPE)
  await manifest(shelf, video)
  const rungs = made.renditions.filter(({ codec }) => codec === 'h264').toSorted((a, b) => b.height * b.width - a.height * a.width)
  return { rungs: rungs.map(({ name }) => name) }
}
