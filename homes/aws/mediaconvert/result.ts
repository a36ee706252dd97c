import { parseKeys } from '#core/media/playlist.ts'
import { objectsBelow } from '#core/objects.ts'
import { perSecond } from '#core/recipes/ladder.ts'
import type { Objects } from '#ports/objects.ts'
import type { Rendition, Transcoded, TranscodeJob } from '#ports/transcoder.ts'
import type { MadeGroup } from './events.ts'
import { BASE, folderOf, modifierOf, SOUND_MODIFIER, storyboardOf } from './layout.ts'

type Made = { objects: Objects; asked: TranscodeJob; groups: readonly MadeGroup[] }

/** `s3://bucket/media/vid_…/ladder/video.m3u8` as a key below the job's prefix. */
const relative = ({ output }: TranscodeJob, url: string): string => {
  const key = /^s3:\/\/[^/]+\/(.+)$/.exec(url)?.[1]
  if (!key?.startsWith(output)) throw new Error(`${url} does not lie below ${output}.`)
  return key.slice(output.length)
}

/** A group's own playlist names the others: what MediaConvert calls them is for it to say. */
type Listed = { streams: string[]; keys: string[]; sounds: string[] }

const listedIn = (text: string): Listed => {
  const lines = text.split(/\r?\n/)
  const named = (tag: string): string[] => lines.filter((line) => line.startsWith(tag)).flatMap((line) => /[:,]URI="([^"]+)"/.exec(line)?.[1] ?? [])
  return {
    streams: lines.flatMap((line, index) => (line.startsWith('#EXT-X-STREAM-INF:') ? (lines[index + 1] ?? []) : [])),
    keys: named('#EXT-X-I-FRAME-STREAM-INF:'),
    sounds: named('#EXT-X-MEDIA:TYPE=AUDIO'),
  }
}

/** The one whose file is of this output. No output's modifier begins another's with a letter or digit after it. */
const ofOutput = (uris: readonly string[], modifier: string): string | undefined =>
  uris.find((uri) => uri.startsWith(`${BASE}${modifier}`) && !/^[a-z0-9]/.test(uri.slice(BASE.length + modifier.length)))

/** An I-frame playlist is worth having only in the form players and our packaging read. */
const keysOf = async ({ objects, asked }: Made, folder: string, uri: string | undefined): Promise<Pick<Rendition, 'keys'>> => {
  const stored = uri === undefined ? undefined : await objects.get(`${asked.output}${folder}${uri}`)
  return stored && parseKeys(new TextDecoder().decode(stored.bytes)).length > 0 ? { keys: `${folder}${uri}` } : {}
}

const renditionsOf = (made: Made, folder: string, { streams, keys }: Listed): Promise<Rendition[]> =>
  Promise.all(
    made.asked.ladder.rungs.map(async ({ name, codec, width, height }) => {
      const uri = ofOutput(streams, modifierOf(name))
      if (uri === undefined) throw new Error(`MediaConvert’s playlist names no ${name}.`)
      const fps = perSecond(made.asked.ladder.fps)
      return { ...{ name, codec, width, height, fps, playlist: folder + uri }, ...(await keysOf(made, folder, ofOutput(keys, modifierOf(name)))) }
    }),
  )

/** Sheets are found by looking: no event tells of them. */
const sheetsIn = async ({ objects, asked }: Made, folder: string): Promise<string[]> => {
  const found: string[] = []
  for await (const { key } of objectsBelow({ objects }, asked.output + folder)) if (/\.jpe?g$/.test(key)) found.push(key.slice(asked.output.length))
  return found.sort()
}

const picturesOf = async (made: Made, folder: string): Promise<Pick<Transcoded, 'poster' | 'storyboard'>> => {
  const { asked, groups } = made
  const captured = groups
    .filter(({ type }) => type === 'FILE_GROUP')
    .flatMap(({ outputDetails }) => outputDetails.flatMap((each) => each.outputFilePaths ?? []))
  const poster = captured.filter((url) => /\.jpe?g$/.test(url)).at(-1)
  const sheets = await sheetsIn(made, folder)
  return {
    ...(poster !== undefined && { poster: relative(asked, poster) }),
    ...(sheets.length > 0 && { storyboard: { sheets, ...storyboardOf(asked.facts) } }),
  }
}

const secondsOf = ({ outputDetails }: MadeGroup, { facts }: TranscodeJob): number => {
  const lengths = outputDetails.flatMap(({ durationInMs, videoDetails }) => (videoDetails === undefined || !durationInMs ? [] : [durationInMs / 1000]))
  return lengths.length > 0 ? Math.max(...lengths) : facts.durationSeconds
}

/**
 * What a finished job has written, from its event and its group's playlist.
 * @throws Error when the event, or the playlist, lacks what was asked for: it is told again, and shelved in the end.
 */
export const transcodedOf = async (made: Made): Promise<Transcoded> => {
  const { asked, groups, objects } = made
  const ladder = groups.find(({ type }) => type === 'CMAF_GROUP')
  const top = ladder?.playlistFilePaths?.find((path) => path.endsWith('.m3u8'))
  if (!ladder || top === undefined) throw new Error(`The end of ${asked.job} names no playlist.`)
  const folder = folderOf(asked)
  const stored = await objects.get(asked.output + relative(asked, top))
  if (!stored) throw new Error(`The playlist of ${asked.job} is not there.`)
  const listed = listedIn(new TextDecoder().decode(stored.bytes))
  const ladderMade = { durationSeconds: secondsOf(ladder, asked), renditions: await renditionsOf(made, folder, listed) }
  if (asked.makes === 'family') return ladderMade
  const sound = ofOutput(listed.sounds, SOUND_MODIFIER)
  return {
    ...ladderMade,
    ...(sound !== undefined && { audio: { playlist: folder + sound, channels: 2 } }),
    ...(asked.facts.sound && sound === undefined && { lostSound: true }),
    ...(await picturesOf(made, folder)),
  }
}
