import type { AudioDescription, CmafGroupSettings, Input, JobSettings, Output, OutputGroup, VideoDescription } from '@aws-sdk/client-mediaconvert'
import type { Ladder, PlannedRung, SourceFacts, TranscodeJob } from '#ports/transcoder.ts'
import { videoCodec } from './codecs.ts'
import { BASE, folderOf, modifierOf, POSTER, SOUND_MODIFIER, storyboardOf } from './layout.ts'

const SOUND = 'Audio Selector 1'

const inputOf = (file: string, { sound }: SourceFacts): Input => ({
  FileInput: file,
  TimecodeSource: 'ZEROBASED',
  VideoSelector: { Rotate: 'AUTO', ColorSpace: 'FOLLOW' },
  ...(sound && { AudioSelectors: { [SOUND]: { DefaultSelection: 'DEFAULT' } } }),
})

/** MediaConvert makes none smaller. Sources are not either (`probe.ts`), so nothing is made larger than it was. */
const LEAST_SIDE = 32

/** From decoded frames to upright, square-pixelled, progressive, flat-toned ones of this size. */
const pictureOf = ({ picture }: SourceFacts, { width, height }: Pick<PlannedRung, 'width' | 'height'>): VideoDescription => ({
  Width: Math.max(LEAST_SIDE, width),
  Height: Math.max(LEAST_SIDE, height),
  // The size was planned from the shape as it is to be seen: fitting again would only add a line of black.
  ScalingBehavior: 'STRETCH_TO_OUTPUT',
  RespondToAfd: 'NONE',
  TimecodeInsertion: 'DISABLED',
  ...((picture.isInterlaced || picture.hdr) && {
    VideoPreprocessors: {
      ...(picture.isInterlaced && { Deinterlacer: { Mode: 'DEINTERLACE', Algorithm: 'INTERPOLATE', Control: 'NORMAL' } as const }),
      ...(picture.hdr && { ColorCorrector: { ColorSpaceConversion: 'FORCE_709' } as const }),
    },
  }),
})

const rungOutput = (facts: SourceFacts, ladder: Ladder, rung: PlannedRung): Output => ({
  NameModifier: modifierOf(rung.name),
  // Nobody says whether it lists the key frames of AV1, and a setting it does not take would cost the job.
  ContainerSettings: { Container: 'CMFC', ...(rung.codec === 'h264' && { CmfcSettings: { IFrameOnlyManifest: 'INCLUDE' } }) },
  VideoDescription: { ...pictureOf(facts, rung), CodecSettings: videoCodec(ladder, rung) },
})

/** What AAC-LC in stereo may have. */
const AAC_KBPS = [320, 256, 224, 192, 160, 128, 112, 96, 80, 64, 56, 48]

/** Gains in dB of each input channel, for the left side and for the right; MediaConvert’s -60 is silence. */
const MIXES: Record<number, readonly [left: number[], right: number[]]> = {
  1: [[0], [0]],
  // L R C LFE Ls Rs, as ITU-R BS.775-3 mixes them down.
  6: [
    [0, -60, -3, -60, -3, -60],
    [-60, 0, -3, -60, -60, -3],
  ],
}

const remix = (channels: number): Pick<AudioDescription, 'RemixSettings'> => {
  const mix = MIXES[channels]
  if (!mix) return {}
  return { RemixSettings: { ChannelsIn: channels, ChannelsOut: 2, ChannelMapping: { OutputChannels: mix.map((InputChannels) => ({ InputChannels })) } } }
}

const soundOutput = ({ audioKbps }: Ladder, channels: number): Output => ({
  NameModifier: SOUND_MODIFIER,
  ContainerSettings: { Container: 'CMFC' },
  AudioDescriptions: [
    {
      AudioSourceName: SOUND,
      ...remix(channels),
      CodecSettings: {
        Codec: 'AAC',
        AacSettings: {
          ...{ RateControlMode: 'CBR', CodecProfile: 'LC', CodingMode: 'CODING_MODE_2_0', SampleRate: 48_000 },
          Bitrate: 1000 * (AAC_KBPS.find((kbps) => kbps <= audioKbps) ?? 48),
        },
      },
    },
  ],
})

const sheets = (facts: SourceFacts): Pick<CmafGroupSettings, 'ImageBasedTrickPlay' | 'ImageBasedTrickPlaySettings'> => {
  const { everySeconds, tileWidth, tileHeight } = storyboardOf(facts)
  return {
    ImageBasedTrickPlay: 'ADVANCED',
    ImageBasedTrickPlaySettings: {
      ...{ IntervalCadence: 'FOLLOW_CUSTOM', ThumbnailInterval: everySeconds },
      ...{ ThumbnailWidth: tileWidth, ThumbnailHeight: tileHeight, TileWidth: 10, TileHeight: 10 },
    },
  }
}

const cmafGroup = ({ facts, ladder, makes }: TranscodeJob, destination: string): OutputGroup => ({
  Name: 'Ladder',
  OutputGroupSettings: {
    Type: 'CMAF_GROUP_SETTINGS',
    CmafGroupSettings: {
      Destination: destination,
      SegmentControl: 'SEGMENTED_FILES',
      SegmentLength: ladder.segmentSeconds,
      // A segment ends with its group of pictures; `EXACT` would put a key frame in the middle of one at 29.97.
      SegmentLengthControl: 'GOP_MULTIPLE',
      // One fragment a segment.
      FragmentLength: ladder.segmentSeconds,
      WriteHlsManifest: 'ENABLED',
      WriteDashManifest: 'DISABLED',
      CodecSpecification: 'RFC_6381',
      // True lengths, so that they add up to the film.
      ManifestDurationFormat: 'FLOATING_POINT',
      TargetDurationCompatibilityMode: 'SPEC_COMPLIANT',
      StreamInfResolution: 'INCLUDE',
      ...(makes === 'whole' && sheets(facts)),
    },
  },
  Outputs: [
    ...ladder.rungs.map((rung) => rungOutput(facts, ladder, rung)),
    ...(makes === 'whole' && facts.sound ? [soundOutput(ladder, facts.sound.channels)] : []),
  ],
})

const POSTER_SIDE = 1280
const even = (length: number): number => Math.max(2, 2 * Math.round(length / 2))

/** The first frame is always taken, and is often black: the second, a little into the film, is the poster. */
const posterGroup = ({ facts }: TranscodeJob, destination: string): OutputGroup => {
  const { width, height } = facts.picture
  const scale = Math.min(1, POSTER_SIDE / Math.max(width, height))
  const seconds = Math.min(10, Math.max(1, Math.floor(facts.durationSeconds / 4)))
  return {
    Name: 'Poster',
    OutputGroupSettings: { Type: 'FILE_GROUP_SETTINGS', FileGroupSettings: { Destination: destination } },
    Outputs: [
      {
        ContainerSettings: { Container: 'RAW' },
        VideoDescription: {
          ...pictureOf(facts, { width: even(width * scale), height: even(height * scale) }),
          CodecSettings: {
            Codec: 'FRAME_CAPTURE',
            FrameCaptureSettings: { FramerateNumerator: 1, FramerateDenominator: seconds, MaxCaptures: 2, Quality: 80 },
          },
        },
      },
    ],
  }
}

/** MediaConvert's settings for a job: the same recipe as the machine's plan. `urlOf` gives a key's place in S3, `s3://bucket/key`. */
export const settingsOf = (job: TranscodeJob, urlOf: (key: string) => string): JobSettings => ({
  TimecodeConfig: { Source: 'ZEROBASED' },
  Inputs: [inputOf(urlOf(job.source), job.facts)],
  OutputGroups: [
    cmafGroup(job, urlOf(`${job.output}${folderOf(job)}${BASE}`)),
    ...(job.makes === 'whole' ? [posterGroup(job, urlOf(`${job.output}${POSTER}`))] : []),
  ],
})
