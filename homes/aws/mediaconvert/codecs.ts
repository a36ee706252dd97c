import type { Av1Settings, H264Settings, VideoCodecSettings } from '@aws-sdk/client-mediaconvert'
import { perSecond } from '#core/recipes/ladder.ts'
import type { Ladder, PlannedRung } from '#ports/transcoder.ts'

/** From this constant quality down, this QVBR level (1 … 10). Chosen by what AWS says of the levels; nobody has compared them with x264's. */
type Levels = readonly (readonly [crf: number, level: number])[]

const H264_LEVELS: Levels = [
  [19, 9],
  [22, 8],
  [25, 7],
  [28, 6],
  [32, 5],
]
const AV1_LEVELS: Levels = [
  [30, 9],
  [38, 8],
  [45, 7],
  [52, 6],
  [58, 5],
]
const LEAST_LEVEL = 4

const levelOf = (levels: Levels, crf: number): number => levels.find(([most]) => crf <= most)?.[1] ?? LEAST_LEVEL

/** One group of pictures is one segment, whatever the rate: 4 s at 29.97 are 120 frames. */
export const segmentFrames = ({ fps, segmentSeconds }: Ladder): number => Math.round(segmentSeconds * perSecond(fps))

const frameRate = ({ fps }: Ladder) =>
  ({ FramerateControl: 'SPECIFIED', FramerateNumerator: fps.num, FramerateDenominator: fps.den, FramerateConversionAlgorithm: 'DUPLICATE_DROP' }) as const

const h264 = (ladder: Ladder, { crf, maxrateKbps }: PlannedRung): H264Settings => ({
  ...frameRate(ladder),
  RateControlMode: 'QVBR',
  QvbrSettings: { QvbrQualityLevel: levelOf(H264_LEVELS, crf) },
  MaxBitrate: maxrateKbps * 1000,
  // The balanced single pass: two passes are of the Professional tier.
  QualityTuningLevel: 'SINGLE_PASS_HQ',
  GopSize: segmentFrames(ladder),
  GopSizeUnits: 'FRAMES',
  GopClosedCadence: 1,
  SceneChangeDetect: 'DISABLED',
  CodecProfile: 'HIGH',
  CodecLevel: 'AUTO',
  InterlaceMode: 'PROGRESSIVE',
  ParControl: 'SPECIFIED',
  ParNumerator: 1,
  ParDenominator: 1,
})

/** AV1 is of the Professional tier whatever is asked of it. */
const av1 = (ladder: Ladder, { crf, maxrateKbps }: PlannedRung): Av1Settings => ({
  ...frameRate(ladder),
  RateControlMode: 'QVBR',
  QvbrSettings: { QvbrQualityLevel: levelOf(AV1_LEVELS, crf) },
  MaxBitrate: maxrateKbps * 1000,
  GopSize: segmentFrames(ladder),
  SceneChangeDetect: 'DISABLED',
})

export const videoCodec = (ladder: Ladder, rung: PlannedRung): VideoCodecSettings =>
  rung.codec === 'h264' ? { Codec: 'H_264', H264Settings: h264(ladder, rung) } : { Codec: 'AV1', Av1Settings: av1(ladder, rung) }
