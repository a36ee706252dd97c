import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { perSecond } from '#core/recipes/ladder.ts'
import { readSegment, timescaleOf } from './boxes.ts'
import { chunkSeconds, chunkSpan, type Plan, SEGMENTS_A_CHUNK } from './plan.ts'
import { listedSeconds, segmentName } from './playlists.ts'
import type { Urgency } from './queue.ts'
import type { CopyTask, Task } from './task.ts'
import { audioTask, chunkTask, type Engine, previewTask, type Share, storyboardTask } from './tasks.ts'

/** A part of a job that is made, checked and recorded by itself. */
type PieceFacts = {
  name: string
  urgency: Urgency
  /** The tracks it makes, by their folders. */
  tracks: string[]
  /** Its segments are shown while they are being made. */
  grows: boolean
  weight: number
  limitSeconds: number
  /** No such piece is larger. */
  limitBytes: number
}
export type Piece = PieceFacts &
  ({ kind: 'chunk'; chunk: number; task: Task } | { kind: 'audio'; task: Task } | { kind: 'storyboard'; task: Task } | { kind: 'preview'; copy: CopyTask })

/** What is kept of a finished piece: for each track the hash of its init segment, how long its segments are, and where their first pictures lie. */
export type Made = { tracks: Record<string, MadeTrack>; images: string[]; damage?: { errors: number; frames: number } }
export type MadeTrack = { first: number; seconds: number[]; keys: ([number, number] | null)[]; init: string }

export type MadeFile = { name: string; path: string; type: 'video/mp4' | 'audio/mp4' | 'image/jpeg' }

export const chunkName = (chunk: number): string => `chunk-${String(chunk).padStart(5, '0')}`

const MEGABYTE = 1024 ** 2

/** `original` is what was uploaded, `source` that or a copy of its picture. */
type Making = { plan: Plan; source: string; original: string; engine: Engine; sourceBytes: number }

const chunkPiece = ({ plan, source, engine }: Making, chunk: number, { share, urgency, grows }: { share: Share; urgency: Urgency; grows: boolean }): Piece => {
  const seconds = chunkSeconds(plan, chunk).length
  const task = chunkTask(plan, source, { chunk, share, engine })
  const kbps = plan.rungs.reduce((sum, { maxrateKbps }) => sum + maxrateKbps, 0)
  return {
    ...{ name: share === 'lowest' ? 'opening' : chunkName(chunk), kind: 'chunk', chunk, task, urgency, grows },
    ...{ tracks: task.folders, weight: share === 'lowest' ? seconds / 4 : seconds, limitSeconds: 300 + 60 * seconds },
    // Caps are kept over two seconds of buffer; three times as much is no video.
    limitBytes: 32 * MEGABYTE + (3 * kbps * 1000 * (seconds + 4)) / 8,
  }
}

/** How much the pieces weigh beside a second of the whole ladder. */
const SHARES = { preview: 0.002, audio: 0.03, storyboard: 0.01 } as const

/** The first that can be watched: a copy of the source, or the lowest rung of the first chunk. */
const firstPieces = (making: Making): Piece[] => {
  const { plan, source, sourceBytes } = making
  const { durationSeconds, canRemux } = plan.facts
  if (!canRemux) {
    const share = plan.rungs.length > 1 ? 'lowest' : 'all'
    return [chunkPiece(making, 0, { share, urgency: 'first', grows: true })]
  }
  const limits = { limitSeconds: 600 + durationSeconds, limitBytes: 64 * MEGABYTE + 1.3 * sourceBytes, weight: durationSeconds * SHARES.preview }
  return [{ name: 'preview', kind: 'preview', copy: previewTask(plan, source), urgency: 'first', tracks: ['preview'], grows: true, ...limits }]
}

const soundPieces = ({ plan, original }: Making): Piece[] => {
  const { durationSeconds, sound, canRemux } = plan.facts
  if (!sound) return []
  const limits = { limitSeconds: 600 + 2 * durationSeconds, limitBytes: 32 * MEGABYTE + (3 * plan.audioKbps * 1000 * durationSeconds) / 8 }
  const how = { urgency: canRemux ? ('now' as const) : ('first' as const), grows: !canRemux, weight: durationSeconds * SHARES.audio }
  return [{ name: 'audio', kind: 'audio', task: audioTask(plan, original, sound.stream), tracks: ['audio'], ...how, ...limits }]
}

const storyboardPiece = ({ plan, source, engine }: Making): Piece => {
  const { durationSeconds } = plan.facts
  const limits = { limitSeconds: 600 + 2 * durationSeconds, limitBytes: 64 * MEGABYTE, weight: durationSeconds * SHARES.storyboard }
  return { name: 'storyboard', kind: 'storyboard', task: storyboardTask(plan, source, engine), tracks: [], urgency: 'now', grows: false, ...limits }
}

/** The pieces of a job in the order they are best made in. */
export const piecesOf = (making: Making, makes: 'whole' | 'family'): Piece[] => {
  const { plan } = making
  const isWhole = makes === 'whole'
  const first = isWhole ? firstPieces(making) : []
  const hasOpening = first.some(({ name }) => name === 'opening')
  const chunks = Array.from({ length: plan.chunks }, (_, chunk) =>
    chunkPiece(making, chunk, { share: hasOpening && chunk === 0 ? 'others' : 'all', urgency: isWhole ? 'now' : 'idle', grows: false }),
  )
  const names = new Set(first.map(({ name }) => name))
  const rest = chunks.filter(({ name }) => !names.has(name))
  return isWhole ? [...first, ...soundPieces(making), ...rest, storyboardPiece(making)] : rest
}

export class PieceError extends Error {}

/** With several variants FFmpeg numbers the init segments, with one it does not. */
export const readInit = async (folder: string): Promise<{ path: string; bytes: Buffer }> => {
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

export const typeOf = (track: string): MadeFile['type'] => (track === 'audio' ? 'audio/mp4' : 'video/mp4')

type Checked = { made: MadeTrack; files: MadeFile[] }
type Expected = { first: number; count?: number; startSeconds: number; samples?: number[] }

const checkSegment = async (path: string, name: string, { ticks, samples }: { ticks: number; samples: number | undefined }) => {
  const segment = await readSegment(path)
  if (!segment) throw new PieceError(`${name} is no whole segment.`)
  const { times, key } = segment
  // A fraction such as 1001/30000 rounds; one tick is far below a frame.
  if (Math.abs(times.begins - ticks) > 1) throw new PieceError(`${name} begins at ${times.begins} and not at ${ticks}.`)
  if (samples !== undefined && times.samples !== samples) throw new PieceError(`${name} has ${times.samples} frames and not ${samples}.`)
  return { ends: times.begins + times.lasts, lasts: times.lasts, key }
}

const checkTrack = async (folder: string, track: string, { first, startSeconds, ...expected }: Expected): Promise<Checked> => {
  const type = typeOf(track)
  const init = await readInit(join(folder, track))
  const timescale = timescaleOf(init.bytes)
  if (!timescale) throw new PieceError(`The init segment of ${track} names no time scale.`)
  const names = await readdir(join(folder, track))
  const count = expected.count ?? names.filter((name) => name.endsWith('.m4s')).length
  if (count === 0 || !isMade(names, first, count)) throw new PieceError(`${track} has not the ${count} segments from ${first} on.`)
  const files: MadeFile[] = [{ name: `${track}/init.mp4`, path: init.path, type }]
  const made: MadeTrack = { first, seconds: [], keys: [], init: createHash('sha256').update(init.bytes).digest('hex') }
  let ticks = Math.round(startSeconds * timescale)
  for (let index = 0; index < count; index += 1) {
    const name = `${track}/${segmentName(first + index)}`
    const path = join(folder, name)
    const { ends, lasts, key } = await checkSegment(path, name, { ticks, samples: expected.samples?.[index] })
    ticks = ends
    made.seconds.push(lasts / timescale)
    made.keys.push(key ? [key.offset, key.bytes] : null)
    files.push({ name, path, type })
  }
  return { made, files }
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

/** A copy keeps the source's own times, whatever they are: what FFmpeg lists must be there, and last as long as the source. */
const checkPreview = async (plan: Plan, folder: string): Promise<{ made: Made; files: MadeFile[] }> => {
  const init = await readInit(join(folder, 'preview'))
  const seconds = listedSeconds(await readFile(join(folder, 'preview', 'index.m3u8'), 'utf8').catch(() => ''))
  const names = await readdir(join(folder, 'preview'))
  if (seconds.length === 0 || !isMade(names, 0, seconds.length)) throw new PieceError('The copy has not the segments it lists.')
  const length = seconds.reduce((sum, one) => sum + one, 0)
  if (length < plan.facts.picture.lastFrameSeconds * 0.9) throw new PieceError(`The copy lasts ${length} s.`)
  const files = seconds.map((_, index) => ({
    name: `preview/${segmentName(index)}`,
    path: join(folder, 'preview', segmentName(index)),
    type: typeOf('preview'),
  }))
  const track = { first: 0, seconds, keys: seconds.map(() => null), init: createHash('sha256').update(init.bytes).digest('hex') }
  return { made: { tracks: { preview: track }, images: [] }, files: [{ name: 'preview/init.mp4', path: init.path, type: typeOf('preview') }, ...files] }
}

export const sheetNames = (plan: Plan): string[] =>
  Array.from({ length: plan.storyboard.sheets }, (_, index) => `storyboard-${String(index).padStart(3, '0')}.jpg`)

/**
 * Looks at what a worker has left in its folder, and trusts nothing else of it: every segment is there, has its frames,
 * and begins where the one before ends.
 * @throws PieceError when something is amiss.
 */
export const check = async (plan: Plan, piece: Piece, folder: string): Promise<{ made: Made; files: MadeFile[] }> => {
  if (piece.kind === 'preview') return checkPreview(plan, folder)
  if (piece.kind === 'storyboard') {
    const images = ['poster.jpg', ...sheetNames(plan)]
    return { made: { tracks: {}, images }, files: await checkImages(folder, images) }
  }
  if (piece.kind === 'audio') {
    const { made, files } = await checkTrack(folder, 'audio', { first: 0, startSeconds: 0 })
    return { made: { tracks: { audio: made }, images: [] }, files }
  }
  const { firstFrame, frames, segments } = chunkSpan(plan, piece.chunk)
  const samples = Array.from({ length: segments }, (_, index) => Math.min(plan.segmentFrames, frames - index * plan.segmentFrames))
  const expected = { first: piece.chunk * SEGMENTS_A_CHUNK, count: segments, startSeconds: firstFrame / perSecond(plan.fps), samples }
  const tracks = await Promise.all(piece.tracks.map(async (name) => [name, await checkTrack(folder, name, expected)] as const))
  return {
    made: { tracks: Object.fromEntries(tracks.map(([name, track]) => [name, track.made])), images: [] },
    files: tracks.flatMap(([, track]) => track.files),
  }
}
