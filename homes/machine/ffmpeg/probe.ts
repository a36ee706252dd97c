import { type FileHandle, open } from 'node:fs/promises'
import type { Besides, Picture, SourceFacts } from '#ports/transcoder.ts'
import { snapFps } from './plan.ts'
import { type Executor, type Inspection, type Life, MAX_PIXELS, SourceError, type StreamFacts } from './task.ts'

const MAX_SECONDS = 12 * 3600
const MAX_MOOV_BYTES = 64 * 1024 * 1024

type Container = 'mov' | 'matroska' | 'other'

const startsWith = (head: Buffer, hex: string): boolean => head.subarray(0, hex.length / 2).toString('hex') === hex

/** Which container the first bytes are of; undefined when none a video or a sound could be in. */
export const containerOf = (head: Buffer): Container | undefined => {
  const word = head.toString('latin1', 4, 8)
  if (['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp'].includes(word)) return 'mov'
  if (startsWith(head, '1a45dfa3')) return 'matroska'
  const isRiff = head.toString('latin1', 0, 4) === 'RIFF' && ['AVI ', 'WAVE'].includes(head.toString('latin1', 8, 12))
  const isTransportStream = (head[0] === 0x47 && head[188] === 0x47) || (head[4] === 0x47 && head[196] === 0x47)
  const isMpegSound = head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0
  const isKnown = ['000001ba', '464c56', '3026b2758e66cf11', '4f676753', '494433', '664c6143', '060e2b34'].some((magic) => startsWith(head, magic))
  return isRiff || isTransportStream || isMpegSound || isKnown ? 'other' : undefined
}

/** The `moov` box of an MP4; undefined when the file ends before one, as an upload cut short does. */
const readMoov = async (file: FileHandle, fileBytes: number): Promise<Buffer | undefined> => {
  let at = 0
  while (at + 8 <= fileBytes) {
    const head = Buffer.alloc(16)
    await file.read(head, 0, 16, at)
    const small = head.readUInt32BE(0)
    const size = small === 1 ? Number(head.readBigUInt64BE(8)) : small === 0 ? fileBytes - at : small
    if (head.toString('latin1', 4, 8) === 'moov') {
      const bytes = Buffer.alloc(Math.max(0, Math.min(size, MAX_MOOV_BYTES, fileBytes - at)))
      await file.read(bytes, 0, bytes.length, at)
      return bytes
    }
    if (size < 8) return undefined
    at += size
  }
  return undefined
}

const judgeBytes = async (path: string): Promise<Container> => {
  const file = await open(path)
  try {
    const head = Buffer.alloc(200)
    const { bytesRead } = await file.read(head, 0, head.length, 0)
    const container = bytesRead < 12 ? undefined : containerOf(head)
    if (!container) throw new SourceError('not-a-video', 'The file begins like no video container.')
    if (container !== 'mov') return container
    const moov = await readMoov(file, (await file.stat()).size)
    if (!moov) throw new SourceError('incomplete', 'The index of the file (moov) is missing.')
    // Common Encryption, ISO/IEC 14496-12 §8.12: the true codec is named in a `frma` inside a `sinf`.
    if (/sinf[\s\S]{4}frma/.test(moov.toString('latin1'))) throw new SourceError('encrypted', 'The file is protected (sinf).')
    return container
  } finally {
    await file.close()
  }
}

const inspect = async (executor: Executor, path: string, life: Life): Promise<Inspection> => {
  try {
    return await executor.inspect(path, life)
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    if (/max_streams|number of streams/i.test(said)) throw new SourceError('too-many-streams', said, { cause })
    throw new SourceError('not-a-video', `The container cannot be read: ${said}`, { cause })
  }
}

/** The default track, then the largest: some phones add depth maps and previews as further tracks. */
const pickPicture = (streams: StreamFacts[]): StreamFacts | undefined => {
  const weight = (stream: StreamFacts): number => stream.width * stream.height * stream.packets
  return streams
    .filter((stream) => stream.kind === 'video' && !stream.isAttachedPicture && stream.packets > 0)
    .toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault) || weight(b) - weight(a))[0]
}

/** A sound that cannot be decoded is left out: a lesson without sound is better than none. */
const pickSound = (streams: StreamFacts[]): StreamFacts | undefined =>
  streams
    .filter((stream) => stream.kind === 'audio' && stream.isDecodable && stream.packets > 0 && stream.sampleRate > 0 && stream.channels > 0)
    .toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault) || b.packets - a.packets)[0]

const quarterTurns = (degrees: number): Picture['rotation'] => {
  const turns = ((Math.round(degrees / 90) % 4) + 4) % 4
  return turns === 1 ? 90 : turns === 2 ? 180 : turns === 3 ? 270 : 0
}

const pictureOf = (stream: StreamFacts, startSeconds: number): Picture => {
  const rotation = quarterTurns(stream.rotation)
  const span = Math.max(stream.endSeconds - stream.firstSeconds, 0.001)
  // The container's average is right for steady rates; with gaps, or none given, the packets tell.
  const measuredFps = stream.averageFps > 0 ? stream.averageFps : stream.packets / span
  const aspect = stream.pixelAspect > 0.1 && stream.pixelAspect < 10 ? stream.pixelAspect : 1
  const [width, height] = [Math.round(stream.width * aspect), stream.height]
  const isTurned = rotation === 90 || rotation === 270
  return {
    ...{ stream: stream.index, codec: stream.codec, rotation, measuredFps, isSteady: stream.isSteady, isInterlaced: stream.isInterlaced },
    ...{ width: isTurned ? height : width, height: isTurned ? width : height, fps: snapFps(measuredFps) },
    hdr: stream.colours.transfer === 'smpte2084' || stream.colours.transfer === 'arib-std-b67',
    isSquare: Math.abs(aspect - 1) < 0.005,
    bitDepth: Number(/(?:p|gray|gbrp)(9|1[0-6])(?:le|be)?$/.exec(stream.pixelFormat)?.[1] ?? 8),
    isSubsampled: /^(yuvj?420p|nv12|nv21|p010)/.test(stream.pixelFormat),
    colours: stream.colours,
    secondsPerKeyFrame: span / Math.max(1, stream.keyFrames),
    longestGapSeconds: stream.longestGapSeconds,
    lastFrameSeconds: Math.max(0, stream.endSeconds - startSeconds),
  }
}

/** Segments of a copy are as long as the source's own groups of pictures; longer ones take too long to load. */
const LONGEST_GAP_SECONDS = 10

/** What browsers decode as it is: 8-bit H.264 that needs nothing done to it, with AAC-LC in stereo, or silent. */
const canRemux = (container: Container, picture: Picture, sound: StreamFacts | undefined): boolean => {
  const isPlain = picture.codec === 'h264' && picture.bitDepth === 8 && picture.isSubsampled && picture.rotation === 0
  const needsNothing = !picture.isInterlaced && !picture.hdr && picture.isSquare && picture.longestGapSeconds <= LONGEST_GAP_SECONDS
  const isSound = sound === undefined || (sound.codec === 'aac' && sound.profile === 'LC' && sound.channels <= 2)
  return container !== 'other' && isPlain && needsNothing && isSound
}

const besidesOf = (streams: StreamFacts[], sound: StreamFacts | undefined): Besides => {
  const of = (kind: StreamFacts['kind']): StreamFacts[] => streams.filter((stream) => stream.kind === kind && stream.packets > 0)
  const lost = sound === undefined ? of('audio')[0] : undefined
  return {
    hasCover: streams.some((stream) => stream.isAttachedPicture),
    pictures: Math.max(0, of('video').filter((stream) => !stream.isAttachedPicture).length - 1),
    sounds: Math.max(0, of('audio').length - 1),
    subtitles: streams.filter((stream) => stream.kind === 'subtitle').length,
    ...(lost ? { lostSound: lost.codec } : {}),
  }
}

const lengthOf = (picture: StreamFacts, sound: StreamFacts | undefined, { startSeconds, claimedSeconds }: Inspection): number => {
  const shown = picture.endSeconds - startSeconds
  const heard = sound ? sound.endSeconds - startSeconds : 0
  // A picture that ends long before the sound stands still until the sound ends.
  const length = Math.max(heard > shown + 0.5 ? heard : shown, 0.001)
  const isShort = claimedSeconds !== undefined && claimedSeconds < MAX_SECONDS * 2 && Math.max(shown, heard) < claimedSeconds * 0.98 - 0.25
  if (isShort) throw new SourceError('incomplete', `The file says it is ${claimedSeconds.toFixed(1)} s long, and ends after ${length.toFixed(1)} s.`)
  if (length > MAX_SECONDS) throw new SourceError('too-long', `${(length / 3600).toFixed(1)} hours.`)
  return length
}

/** Worth telling: at least a second, and a fiftieth of the whole. */
const otherClaim = (claimed: number | undefined, found: number): number | undefined =>
  claimed !== undefined && Math.abs(claimed - found) > Math.max(1, found / 50) ? claimed : undefined

/**
 * Whether a source can be used, and what there is to know of it to plan.
 * @throws SourceError with the reason when it cannot.
 */
export const probe = async (executor: Executor, path: string, life: Life): Promise<SourceFacts> => {
  const container = await judgeBytes(path)
  const inspection = await inspect(executor, path, life)
  const { streams, startSeconds, claimedSeconds } = inspection
  const stream = pickPicture(streams)
  if (!stream) throw new SourceError('no-picture', 'There is no moving picture in the file.')
  if (stream.width * stream.height > MAX_PIXELS) throw new SourceError('too-large-a-picture', `${stream.width}×${stream.height}.`)
  if (!stream.isDecodable || stream.width < 2 || stream.height < 2) throw new SourceError('undecodable', `There is no decoder for ${stream.codec}.`)
  const sound = pickSound(streams)
  const durationSeconds = lengthOf(stream, sound, inspection)
  const picture = pictureOf(stream, startSeconds)
  const claim = otherClaim(claimedSeconds, durationSeconds)
  // Elsewhere there is no index, or the container did not live to see one written (a browser's recording).
  const needsCopy = container === 'other' || claimedSeconds === undefined
  return {
    ...{ container: inspection.format.split(',')[0] ?? '', durationSeconds, startSeconds, picture, needsCopy },
    ...(sound ? { sound: { stream: sound.index, codec: sound.codec, channels: sound.channels } } : {}),
    canRemux: !needsCopy && canRemux(container, picture, sound),
    chapters: inspection.chapters
      .filter((chapter) => chapter.startSeconds < durationSeconds && chapter.startSeconds >= 0)
      .slice(0, 200)
      .map(({ startSeconds: start, title }) => ({ startSeconds: start, title: title.slice(0, 120) })),
    besides: { ...besidesOf(streams, sound), ...(claim !== undefined ? { claimedSeconds: claim } : {}) },
  }
}
