import type { Container, ProbeResult, Track, VideoProperties } from '@aws-sdk/client-mediaconvert'
import { snapFps } from '#homes/machine/ffmpeg/plan.ts'
import type { Picture, Probed } from '#ports/transcoder.ts'
import type { Unusable } from './source.ts'

const MAX_SECONDS = 12 * 3600
const MAX_TRACKS = 64
/** As the machine has it: 8K passes. */
const MAX_PIXELS = 40_000_000
/** Outputs have sides of 32 … 8192 pixels, and none is made larger than its source. */
const SIDES = { least: 32, most: 8192 }

/** FFmpeg's names of what MediaConvert tells of, where they differ by more than case. */
const CODECS: Record<string, string> = {
  ...{ AVC: 'h264', MPEG2: 'mpeg2video', MPEG1: 'mpeg1video', MP4V: 'mpeg4', OPUS: 'opus', PRORES: 'prores', PCM: 'pcm' },
  ...{ VFW: 'vfw', WMA2: 'wmav2', DV: 'dvvideo', UNCOMPRESSED: 'rawvideo' },
}
const FORMATS: Record<string, string> = { mp4: 'mov', quicktime: 'mov', three_gp: 'mov', three_g2: 'mov', webm: 'matroska', mpegps: 'mpeg' }

const codecOf = ({ Codec }: Track): string => CODECS[Codec ?? ''] ?? (Codec ?? '').toLowerCase()

const ratio = (fraction: { Numerator?: number | undefined; Denominator?: number | undefined } | undefined): number | undefined =>
  fraction?.Numerator && fraction.Denominator ? fraction.Numerator / fraction.Denominator : undefined

const turnsOf = (degrees: number | undefined): Picture['rotation'] => (degrees === 90 || degrees === 180 || degrees === 270 ? degrees : 0)

const HDR = new Set(['SMPTE_2084', 'ARIB_B67'])

/** As it is to be seen: upright, its pixels square. */
const shapeOf = ({ Width = 0, Height = 0, Rotation, SampleAspectRatio, CodecMetadata }: VideoProperties) => {
  const told = ratio(SampleAspectRatio) ?? ratio(CodecMetadata?.SampleAspectRatio) ?? 1
  const aspect = told > 0.1 && told < 10 ? told : 1
  const rotation = turnsOf(Rotation ?? CodecMetadata?.Rotation)
  const wide = Math.round(Width * aspect)
  const [width, height] = rotation === 90 || rotation === 270 ? [Height, wide] : [wide, Height]
  return { width, height, rotation, isSquare: Math.abs(aspect - 1) < 0.005 }
}

const pictureOf = (track: Track, properties: VideoProperties, durationSeconds: number): Picture => {
  const { CodecMetadata: coded } = properties
  const transfer = properties.TransferCharacteristics ?? coded?.TransferCharacteristics
  const measuredFps = ratio(properties.FrameRate) ?? ratio(coded?.CodedFrameRate) ?? 0
  return {
    ...{ stream: Math.max(0, (track.Index ?? 1) - 1), codec: codecOf(track), ...shapeOf(properties) },
    ...{ fps: snapFps(measuredFps), measuredFps },
    isInterlaced: /interlaced/i.test(coded?.ScanType ?? ''),
    hdr: transfer !== undefined && HDR.has(transfer),
    bitDepth: properties.BitDepth ?? coded?.BitDepth ?? 8,
    isSubsampled: (coded?.ChromaSubsampling ?? '4:2:0') === '4:2:0',
    colours: {},
    // Not told, and nothing MediaConvert makes hangs on it: its steady rate and its key frames are taken to be usual ones.
    ...{ isSteady: true, secondsPerKeyFrame: 2, longestGapSeconds: 2, lastFrameSeconds: durationSeconds },
  }
}

const tracksOf = ({ Tracks = [] }: Container, type: Track['TrackType']): Track[] => Tracks.filter(({ TrackType }) => TrackType === type)

const isHeard = ({ Codec, AudioProperties: sound }: Track): boolean => Codec !== undefined && Codec !== 'UNKNOWN' && (sound?.Channels ?? 0) > 0

const soundOf = (tracks: Track[]) => {
  const heard = tracks.find(isHeard)
  const channels = heard?.AudioProperties?.Channels
  return heard && channels !== undefined ? { stream: Math.max(0, (heard.Index ?? 1) - 1), codec: codecOf(heard), channels } : undefined
}

const faultOf = (container: Container, picture: Track | undefined, seconds: number | undefined): Unusable | undefined => {
  if (!container.Format) return { fault: 'not-a-video', detail: 'MediaConvert knows no such container.' }
  if ((container.Tracks?.length ?? 0) > MAX_TRACKS) return { fault: 'too-many-streams', detail: `${container.Tracks?.length} tracks.` }
  if (!picture) return { fault: 'no-picture', detail: 'There is no moving picture in the file.' }
  const { width, height } = shapeOf(picture.VideoProperties ?? {})
  const size = `${width}×${height}.`
  if (!picture.Codec || picture.Codec === 'UNKNOWN') return { fault: 'undecodable', detail: 'MediaConvert does not know its codec.' }
  if (Math.min(width, height) < SIDES.least) return { fault: 'undecodable', detail: `Smaller than MediaConvert makes pictures: ${size}` }
  if (width * height > MAX_PIXELS || Math.max(width, height) > SIDES.most) return { fault: 'too-large-a-picture', detail: size }
  // A ladder is reckoned, and paid for, by the length.
  if (seconds === undefined || !(seconds > 0)) return { fault: 'incomplete', detail: 'The file does not say how long it is.' }
  if (seconds > MAX_SECONDS) return { fault: 'too-long', detail: `${(seconds / 3600).toFixed(1)} hours.` }
  return undefined
}

/**
 * What MediaConvert's probe makes of a source, in the port's words. It reads headers, not packets: what it is not told of a length
 * that is a lie, or of frames at uneven times, comes out when the source is converted. It tells of no chapters and no start time.
 */
export const probedOf = ({ Container: container = {} }: ProbeResult): Probed => {
  const [pictures, sounds] = [tracksOf(container, 'video'), tracksOf(container, 'audio')]
  const picture = pictures[0]
  const durationSeconds = container.Duration ?? picture?.Duration
  const unusable = faultOf(container, picture, durationSeconds)
  if (unusable) return { kind: 'unusable', ...unusable }
  if (!picture?.VideoProperties || durationSeconds === undefined) throw new Error('A picture without properties was not refused.')
  const sound = soundOf(sounds)
  const lost = sound ? undefined : sounds[0]
  return {
    kind: 'usable',
    facts: {
      container: FORMATS[container.Format ?? ''] ?? container.Format ?? '',
      ...{ durationSeconds, startSeconds: 0, picture: pictureOf(picture, picture.VideoProperties, durationSeconds) },
      ...(sound && { sound }),
      ...{ needsCopy: false, canRemux: false, chapters: [] },
      besides: {
        ...{ hasCover: false, pictures: pictures.length - 1, sounds: Math.max(0, sounds.length - 1) },
        subtitles: tracksOf(container, 'data').filter(({ Codec }) => Codec === 'WEBVTT').length,
        ...(lost && { lostSound: codecOf(lost) }),
      },
    },
  }
}
