import {
  type CmafGroupSettings,
  type CreateJobRequest,
  type JobSettings,
  type Output,
  type OutputGroup,
  StatusUpdateInterval,
} from '@aws-sdk/client-mediaconvert'

type Found = (string | false | undefined)[]

const S3 = /^s3:\/\/[a-z0-9][a-z0-9.-]+\/.+$/
const AAC = new Set([48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 288, 320])

const videoFaults = ({ VideoDescription: video }: Output, at: string): Found => {
  const { H264Settings: h264, Av1Settings: av1 } = video?.CodecSettings ?? {}
  const settings = h264 ?? av1
  const level = settings?.QvbrSettings?.QvbrQualityLevel ?? 7
  const sides = [video?.Width ?? 32, video?.Height ?? 32]
  return [
    sides.some((side) => side < 32 || side > 8192) && `${at}/videoDescription: width and height must be 32 … 8192`,
    ((video?.Width ?? 2) % 2 === 1 || (video?.Height ?? 2) % 2 === 1) && `${at}/videoDescription: width and height must be even`,
    settings?.RateControlMode === 'QVBR' && !settings.MaxBitrate && `${at}: maxBitrate is required for QVBR`,
    (settings?.MaxBitrate ?? 1000) < 1000 && `${at}: maxBitrate must be at least 1000`,
    (level < 1 || level > 10) && `${at}: qvbrQualityLevel must be 1 … 10`,
    settings?.FramerateControl === 'SPECIFIED' && !(settings.FramerateNumerator && settings.FramerateDenominator) && `${at}: a rate must be specified`,
    h264?.ParControl === 'SPECIFIED' && !(h264.ParNumerator && h264.ParDenominator) && `${at}: a pixel aspect ratio must be specified`,
  ]
}

const soundFaults = ({ AudioDescriptions: sounds = [] }: Output, selectors: readonly string[], at: string): Found =>
  sounds.flatMap(({ AudioSourceName, CodecSettings }) => [
    !selectors.includes(AudioSourceName ?? '') && `${at}: there is no audio selector ${AudioSourceName}`,
    CodecSettings?.Codec === 'AAC' && !AAC.has((CodecSettings.AacSettings?.Bitrate ?? 0) / 1000) && `${at}: no such AAC bitrate`,
  ])

const trickPlayFaults = ({ ImageBasedTrickPlay: kind, ImageBasedTrickPlaySettings: tiles }: CmafGroupSettings): Found => [
  kind === 'ADVANCED' && !tiles && 'imageBasedTrickPlaySettings are required for ADVANCED',
  (tiles?.ThumbnailWidth ?? 8) % 8 !== 0 && 'thumbnailWidth must be divisible by 8',
  (tiles?.ThumbnailHeight ?? 2) % 2 !== 0 && 'thumbnailHeight must be divisible by 2',
  (tiles?.TileHeight ?? 1) * (tiles?.ThumbnailHeight ?? 1) > 4096 && 'a tile image may be 4096 pixels high',
  tiles?.IntervalCadence === 'FOLLOW_CUSTOM' && !tiles.ThumbnailInterval && 'thumbnailInterval is required for FOLLOW_CUSTOM',
]

const cmafFaults = (settings: CmafGroupSettings, outputs: readonly Output[]): Found => {
  const modifiers = outputs.map(({ NameModifier }) => NameModifier)
  return [
    !S3.test(settings.Destination ?? '') && 'the destination must be an S3 URL',
    (settings.FragmentLength ?? 2) > (settings.SegmentLength ?? 10) && 'a fragment may not be longer than a segment',
    new Set(modifiers).size < modifiers.length && 'name modifiers must differ',
    ...trickPlayFaults(settings),
    ...outputs.flatMap(({ VideoDescription, AudioDescriptions = [], ContainerSettings, NameModifier }) => [
      !NameModifier && 'an output of a package needs a nameModifier',
      ContainerSettings?.Container !== 'CMFC' && 'outputs of a CMAF group are CMFC',
      (VideoDescription ? 1 : 0) + AudioDescriptions.length !== 1 && 'an output of a CMAF group holds one elementary stream',
    ]),
  ]
}

const groupFaults = ({ OutputGroupSettings: of, Outputs = [] }: OutputGroup, selectors: readonly string[], at: string): Found => [
  Outputs.length === 0 && `${at}: outputs must not be empty`,
  ...(of?.Type === 'CMAF_GROUP_SETTINGS' ? cmafFaults(of.CmafGroupSettings ?? {}, Outputs) : []),
  of?.Type === 'FILE_GROUP_SETTINGS' && !S3.test(of.FileGroupSettings?.Destination ?? '') && `${at}: the destination must be an S3 URL`,
  ...Outputs.flatMap((output, index) => [...videoFaults(output, `${at}/outputs/${index}`), ...soundFaults(output, selectors, `${at}/outputs/${index}`)]),
]

const settingsFaults = ({ Inputs = [], OutputGroups = [] }: JobSettings): Found => {
  const selectors = Object.keys(Inputs[0]?.AudioSelectors ?? {})
  return [
    Inputs.length !== 1 && '/settings/inputs: one is expected here',
    !S3.test(Inputs[0]?.FileInput ?? '') && '/settings/inputs/0/fileInput must be an S3 URL',
    OutputGroups.length === 0 && '/settings/outputGroups must not be empty',
    !OutputGroups.some(({ Outputs = [] }) => Outputs.some(({ VideoDescription: of }) => of?.CodecSettings?.Codec !== 'FRAME_CAPTURE')) &&
      'frame capture alone is no job',
    ...OutputGroups.flatMap((group, index) => groupFaults(group, selectors, `/settings/outputGroups/${index}`)),
  ]
}

/** Why MediaConvert would not take this job (its validation, as documented and as met by others); undefined when it would. */
export const refusalOf = (request: CreateJobRequest, queues: readonly string[]): string | undefined => {
  const { Role, Queue, ClientRequestToken = '', UserMetadata = {}, StatusUpdateInterval: interval, Settings } = request
  const found: Found = [
    !/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(Role ?? '') && '/role: should not be null, and an ARN',
    !queues.includes(Queue ?? '') && `/queue: ${Queue} does not exist`,
    ClientRequestToken.length > 64 && '/clientRequestToken is too long',
    interval !== undefined && !Object.hasOwn(StatusUpdateInterval, interval) && '/statusUpdateInterval is none of the known ones',
    // Which characters it takes is not written down; `%` is known to be refused, and these to be taken.
    ...Object.values(UserMetadata).map((value) => !/^[A-Za-z0-9_-]{1,256}$/.test(value) && `The user metadata value '${value}' is invalid.`),
    ...(Settings ? settingsFaults(Settings) : ['/settings: should not be null']),
  ]
  return found.find((each) => typeof each === 'string')
}
