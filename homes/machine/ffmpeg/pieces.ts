import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readTimes, timescaleOf } from './boxes.ts'
import { chunkSpan, type Plan, perSecond, SEGMENTS_A_CHUNK } from './plan.ts'
import type { Task } from './task.ts'
import { audioTask, chunkTask, type Engine, storyboardTask } from './tasks.ts'

/** A part of a job that is made, checked and recorded by itself. */
export type Piece = { name: string; kind: 'chunk' | 'audio' | 'storyboard'; chunk: number; task: Task; weight: number; limitSeconds: number }

/** What is kept of a finished piece: for each track the hash of its init segment and how long each of its segments is. */
export type Made = { tracks: Record<string, MadeTrack>; images: string[] }
export type MadeTrack = { first: number; seconds: number[]; init: string }

export type MadeFile = { name: string; path: string; type: 'video/mp4' | 'audio/mp4' | 'image/jpeg' }

export const piecesOf = (plan: Plan, source: string, engine: Engine): Piece[] => {
  const { durationSeconds, sound } = plan.facts
  const rest = { limitSeconds: 600 + 2 * durationSeconds, chunk: 0 }
  const chunks = Array.from({ length: plan.chunks }, (_, chunk): Piece => {
    const seconds = chunkSpan(plan, chunk).frames / perSecond(plan.fps)
    const name = `chunk-${String(chunk).padStart(5, '0')}`
    return { name, kind: 'chunk', chunk, task: chunkTask(plan, source, chunk, engine), weight: seconds, limitSeconds: 300 + 60 * seconds }
  })
  const audio = sound ? [{ ...rest, name: 'audio', kind: 'audio' as const, task: audioTask(plan, source, sound.stream), weight: durationSeconds * 0.03 }] : []
  const storyboard: Piece = { ...rest, name: 'storyboard', kind: 'storyboard', task: storyboardTask(plan, source, engine), weight: durationSeconds * 0.03 }
  return [storyboard, ...audio, ...chunks]
}

export class PieceError extends Error {}

const segmentName = (index: number): string => `${String(index).padStart(5, '0')}.m4s`

/** With several variants FFmpeg numbers the init segments, with one it does not. */
const readInit = async (folder: string): Promise<{ path: string; bytes: Buffer }> => {
  const names = await readdir(folder).catch(() => [])
  const name = names.find((one) => one.startsWith('init') && one.endsWith('.mp4'))
  if (!name) throw new PieceError('There is no init segment.')
  const path = join(folder, name)
  return { path, bytes: await readFile(path) }
}

const isMade = (names: string[], first: number, count: number): boolean => {
  const segments = names.filter((name) => name.endsWith('.m4s'))
  return segments.length === count && segments.every((_, index) => names.includes(segmentName(first + index)))
}

type Checked = { made: MadeTrack; files: MadeFile[] }

const checkTrack = async (
  folder: string,
  track: string,
  first: number,
  expected: { count?: number; startSeconds: number; samples?: number[] },
): Promise<Checked> => {
  const type = track === 'audio' ? 'audio/mp4' : 'video/mp4'
  const init = await readInit(join(folder, track))
  const timescale = timescaleOf(init.bytes)
  if (!timescale) throw new PieceError(`The init segment of ${track} names no time scale.`)
  const names = await readdir(join(folder, track))
  const count = expected.count ?? names.filter((name) => name.endsWith('.m4s')).length
  if (count === 0 || !isMade(names, first, count)) throw new PieceError(`${track} has not the ${count} segments from ${first} on.`)
  const files: MadeFile[] = [{ name: `${track}/init.mp4`, path: init.path, type }]
  const seconds: number[] = []
  let ticks = Math.round(expected.startSeconds * timescale)
  for (let index = 0; index < count; index += 1) {
    const name = segmentName(first + index)
    const path = join(folder, track, name)
    const times = await readTimes(path)
    const samples = expected.samples?.[index]
    if (!times) throw new PieceError(`${track}/${name} is no whole segment.`)
    // A fraction such as 1001/30000 rounds; one tick is far below a frame.
    if (Math.abs(times.begins - ticks) > 1) throw new PieceError(`${track}/${name} begins at ${times.begins} and not at ${ticks}.`)
    if (samples !== undefined && times.samples !== samples) throw new PieceError(`${track}/${name} has ${times.samples} frames and not ${samples}.`)
    ticks = times.begins + times.lasts
    seconds.push(times.lasts / timescale)
    files.push({ name: `${track}/${name}`, path, type })
  }
  return { made: { first, seconds, init: createHash('sha256').update(init.bytes).digest('hex') }, files }
}

const checkImages = async (folder: string, names: string[]): Promise<MadeFile[]> =>
  Promise.all(
    names.map(async (name): Promise<MadeFile> => {
      const path = join(folder, name)
      const bytes = await readFile(path).catch(() => Buffer.alloc(2))
      const isWhole = bytes.readUInt16BE(0) === 0xffd8 && bytes.readUInt16BE(bytes.length - 2) === 0xffd9
      if (!isWhole) throw new PieceError(`${name} is missing or no whole JPEG.`)
      return { name, path, type: 'image/jpeg' }
    }),
  )

export const sheetNames = (plan: Plan): string[] =>
  Array.from({ length: plan.storyboard.sheets }, (_, index) => `storyboard-${String(index).padStart(3, '0')}.jpg`)

/**
 * Looks at what a worker has left in its folder, and trusts nothing else of it: every segment is there, has its frames,
 * and begins where the one before ends.
 * @throws PieceError when something is amiss.
 */
export const check = async (plan: Plan, piece: Piece, folder: string): Promise<{ made: Made; files: MadeFile[] }> => {
  if (piece.kind === 'storyboard') {
    const images = ['poster.jpg', ...sheetNames(plan)]
    return { made: { tracks: {}, images }, files: await checkImages(folder, images) }
  }
  if (piece.kind === 'audio') {
    const { made, files } = await checkTrack(folder, 'audio', 0, { startSeconds: 0 })
    return { made: { tracks: { audio: made }, images: [] }, files }
  }
  const { firstFrame, frames, segments } = chunkSpan(plan, piece.chunk)
  const samples = Array.from({ length: segments }, (_, index) => Math.min(plan.segmentFrames, frames - index * plan.segmentFrames))
  const expected = { count: segments, startSeconds: firstFrame / perSecond(plan.fps), samples }
  const tracks = await Promise.all(
    plan.rungs.map(async ({ name }) => [name, await checkTrack(folder, name, piece.chunk * SEGMENTS_A_CHUNK, expected)] as const),
  )
  return {
    made: { tracks: Object.fromEntries(tracks.map(([name, track]) => [name, track.made])), images: [] },
    files: tracks.flatMap(([, track]) => track.files),
  }
}

/** A VOD media playlist of RFC 8216 with the true length of every segment. */
export const mediaPlaylist = (seconds: number[]): string =>
  [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.max(1, ...seconds.map((one) => Math.round(one)))}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    '#EXT-X-MAP:URI="init.mp4"',
    ...seconds.flatMap((one, index) => [`#EXTINF:${one.toFixed(6)},`, segmentName(index)]),
    '#EXT-X-ENDLIST',
    '',
  ].join('\n')
