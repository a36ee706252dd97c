import type { Besides, Picture, SourceFacts } from '#ports/transcoder.ts'
import { type Container, judgeBytes } from './first-bytes.ts'
import { snapFps } from './plan.ts'
import { type Executor, type Inspection, type Life, MAX_PIXELS, SourceError, type StreamFacts } from './task.ts'

const MAX_SECONDS = 12 * 3600

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

const withoutPicture = (streams: StreamFacts[]): SourceError => {
  const isPicture = ({ kind, isAttachedPicture }: StreamFacts): boolean => kind === 'video' && !isAttachedPicture
  if (streams.some(isPicture)) return new SourceError('incomplete', 'There is an index, and no packet of the picture it tells of.')
  if (streams.length === 0) return new SourceError('not-a-video', 'There is nothing in the file.')
  return new SourceError('no-picture', 'There is no moving picture in the file.')
}

/** A sound that cannot be decoded is left out: a lesson without sound is better than none. */
const pickSound = (streams: StreamFacts[]): StreamFacts | undefined =>
  streams
    .filter((stream) => stream.kind === 'audio' && stream.isDecodable && stream.packets > 0 && stream.sampleRate > 0 && stream.channels > 0)
    .toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault) || b.packets - a.packets)[0]

/** No camera is held in between: what says so is not turned at all. */
const MOST_TILT_DEGREES = 20

const quarterTurns = (degrees: number): Picture['rotation'] => {
  if (Math.abs(degrees - 90 * Math.round(degrees / 90)) > MOST_TILT_DEGREES) return 0
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

/** x264 takes no longer side, and no screen has one. */
const MAX_SIDE = 16_384

const judgeSize = ({ width, height }: Pick<Picture, 'width' | 'height'>): void => {
  const isTooLarge = width * height > MAX_PIXELS || Math.max(width, height) > MAX_SIDE
  if (isTooLarge) throw new SourceError('too-large-a-picture', `${width}×${height}.`)
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

/** Nobody teaches an hour of stillness in silence. */
const MOST_STILL_SECONDS = 3600
/** Further back than frames are reordered: another recording begins there. */
const MOST_BACK_SECONDS = 1

/** Two frames ten hours apart would be encoded for hours, and a recording behind another that ends later would be lost without a word. */
const judgeTimes = (picture: StreamFacts, sound: StreamFacts | undefined): void => {
  if (picture.furthestBackSeconds > MOST_BACK_SECONDS)
    throw new SourceError('broken-times', `The clock goes back by ${picture.furthestBackSeconds.toFixed(1)} s.`)
  const wait = picture.longestWaitSeconds
  const isHeard = sound !== undefined && sound.longestWaitSeconds < MOST_STILL_SECONDS && sound.endSeconds - sound.firstSeconds > wait / 2
  if (wait > MOST_STILL_SECONDS && !isHeard) throw new SourceError('broken-times', `There is nothing for ${(wait / 3600).toFixed(1)} hours.`)
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
  if (!stream) throw withoutPicture(streams)
  judgeSize(stream)
  if (!stream.isDecodable || stream.width < 2 || stream.height < 2) throw new SourceError('undecodable', `There is no decoder for ${stream.codec}.`)
  const sound = pickSound(streams)
  judgeTimes(stream, sound)
  const durationSeconds = lengthOf(stream, sound, inspection)
  const picture = pictureOf(stream, startSeconds)
  // Wide pixels make it larger than it is stored.
  judgeSize(picture)
  // A player that is told to begin at zero waits there for a picture that comes later.
  const beginsAtOnce = stream.firstSeconds - startSeconds < 0.5
  const claim = otherClaim(claimedSeconds, durationSeconds)
  // Elsewhere there is no index, or the container did not live to see one written (a browser's recording).
  const needsCopy = container === 'other' || claimedSeconds === undefined
  return {
    ...{ container: inspection.format.split(',')[0] ?? '', durationSeconds, startSeconds, picture, needsCopy },
    ...(sound ? { sound: { stream: sound.index, codec: sound.codec, channels: sound.channels } } : {}),
    canRemux: !needsCopy && beginsAtOnce && canRemux(container, picture, sound),
    chapters: inspection.chapters
      .filter((chapter) => chapter.startSeconds < durationSeconds && chapter.startSeconds >= 0)
      .slice(0, 200)
      .map(({ startSeconds: start, title }) => ({ startSeconds: start, title: title.slice(0, 120) })),
    besides: { ...besidesOf(streams, sound), ...(claim !== undefined ? { claimedSeconds: claim } : {}) },
  }
}
