import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { CmafGroupSettings, JobSettings, Output, OutputGroup, VideoDescription } from '@aws-sdk/client-mediaconvert'
import type { Task, TaskOutput } from '#homes/machine/ffmpeg/task.ts'
import { work } from '#homes/machine/ffmpeg/work.ts'
import type { SourceFacts, SourceFault } from '#ports/transcoder.ts'

export class EncodeFault extends Error {
  readonly fault: SourceFault
  constructor(fault: SourceFault, detail: string) {
    super(detail)
    this.fault = fault
  }
}

export const probeFile = async (folder: string, source: string): Promise<SourceFacts> => {
  const outcome = await work({ kind: 'probe', source }, { folder, limits: { seconds: 60 } })
  if (outcome.kind === 'probed') return outcome.facts
  if (outcome.kind === 'fault') throw new EncodeFault(outcome.fault, outcome.detail)
  throw new Error(`Probing broke: ${JSON.stringify(outcome)}`)
}

const run = async (folder: string, task: Task): Promise<void> => {
  const outcome = await work({ kind: 'run', task }, { folder, limits: { seconds: 120 } })
  if (outcome.kind === 'fault') throw new EncodeFault(outcome.fault, outcome.detail)
  if (outcome.kind !== 'done') throw new Error(`FFmpeg broke: ${JSON.stringify(outcome)}`)
}

/** `s3://bucket/folder/base` → the part after the last slash, which files are named by. */
export const baseOf = (destination: string): string => basename(destination)

const rateOf = ({ CodecSettings: codec }: VideoDescription): { num: number; den: number } => {
  const { FramerateNumerator: num = 30, FramerateDenominator: den = 1 } = codec?.H264Settings ?? codec?.Av1Settings ?? {}
  return { num, den }
}

/** What MediaConvert does with `GOP_MULTIPLE`: the length asked for, up to the next group of pictures. */
const segmentSeconds = ({ SegmentLength = 10, SegmentLengthControl: control }: CmafGroupSettings, gopFrames: number, fps: number): number => {
  if (control !== 'GOP_MULTIPLE') throw new Error(`Segments of ${control} are not made here.`)
  return (Math.max(1, Math.ceil((SegmentLength * fps) / gopFrames - 0.01)) * gopFrames) / fps
}

/** In frames, which AV1's always is. */
const gopOf = (video: VideoDescription): number => {
  const { H264Settings: h264, Av1Settings: av1 } = video.CodecSettings ?? {}
  const { num, den } = rateOf(video)
  if (h264?.GopSizeUnits === 'SECONDS') return Math.round(((h264.GopSize ?? 2) * num) / den)
  return Math.round((h264 ?? av1)?.GopSize ?? 60)
}

const hls = (name: string, kind: 'cmfv' | 'cmfa', seconds: number): Pick<TaskOutput, 'path' | 'format' | 'options'> => ({
  path: `${name}.m3u8`,
  format: 'hls',
  options: {
    ...{ hls_playlist_type: 'vod', hls_segment_type: 'fmp4', start_number: '1', hls_time: seconds.toFixed(6) },
    hls_fmp4_init_filename: `${name}init.${kind}`,
    hls_segment_filename: `${name}_%09d.${kind}`,
    hls_segment_options: kind === 'cmfv' ? 'movflags=+frag_discont+skip_sidx' : 'movflags=+cmaf+skip_sidx',
    ...(kind === 'cmfv' && { avoid_negative_ts: 'disabled' }),
  },
})

const encoderOf = (video: VideoDescription): { encoder: string; options: Record<string, string>; gop: number } => {
  const codec = video.CodecSettings
  const settings = codec?.H264Settings ?? codec?.Av1Settings
  const gop = gopOf(video)
  const rate = settings?.MaxBitrate ?? 1_000_000
  const shared = { g: String(gop), maxrate: String(rate), bufsize: String(rate * 2), threads: '1' }
  const level = settings?.QvbrSettings?.QvbrQualityLevel ?? 7
  if (codec?.Codec === 'AV1')
    return { encoder: 'libsvtav1', gop, options: { ...shared, preset: '12', crf: String(80 - level * 5), 'svtav1-params': `keyint=${gop}:scd=0:lp=1:pin=0` } }
  return { encoder: 'libx264', gop, options: { ...shared, preset: 'ultrafast', crf: String(44 - level * 3), keyint_min: String(gop), sc_threshold: '0' } }
}

/** One end of the filter graph: what is done to the source's frames, and where they go. */
type End = { filters: string; output: Omit<TaskOutput, 'streams'>; encoder: string; options: Record<string, string> }

const TURNS: Record<SourceFacts['picture']['rotation'], string> = { 0: '', 90: 'transpose=clock,', 180: 'hflip,vflip,', 270: 'transpose=cclock,' }

const scaled = ({ Width, Height }: VideoDescription, full = false): string =>
  `scale=${Width}:${Height}:flags=bicubic${full ? ':out_range=pc,format=yuvj420p' : ',setsar=1,format=yuv420p'}`

const rungEnd = (output: Output, video: VideoDescription, cmaf: CmafGroupSettings, seconds: number): End => {
  const { num, den } = rateOf(video)
  const { encoder, options, gop } = encoderOf(video)
  const length = segmentSeconds(cmaf, gop, num / den) - den / num / 2
  return {
    filters: `fps=${num}/${den},tpad=stop_mode=clone:stop=-1,trim=end_frame=${Math.max(1, Math.round((seconds * num) / den))},${scaled(video)}`,
    output: hls(`${baseOf(cmaf.Destination ?? '')}${output.NameModifier}`, 'cmfv', length),
    ...{ encoder, options },
  }
}

const JPEG = { encoder: 'mjpeg', options: { flags: '+qscale', global_quality: '590', color_range: 'pc' } }
const images = (path: string, first: number): Omit<TaskOutput, 'streams'> => ({ path, format: 'image2', options: { start_number: String(first) } })

export const SHEETS = 'Thumbnails'

const sheetEnd = ({ Destination = '', ImageBasedTrickPlaySettings: tiles }: CmafGroupSettings, seconds: number): End[] => {
  if (!tiles) return []
  const { ThumbnailInterval: every = 2, ThumbnailWidth, ThumbnailHeight, TileWidth = 1, TileHeight = 1 } = tiles
  const size = { ...(ThumbnailWidth && { Width: ThumbnailWidth }), ...(ThumbnailHeight && { Height: ThumbnailHeight }) }
  const steady = `fps=1/${every},tpad=stop_mode=clone:stop=-1,trim=end_frame=${Math.ceil(seconds / every)}`
  return [
    { filters: `${steady},${scaled(size, true)},tile=${TileWidth}x${TileHeight}`, output: images(`${baseOf(Destination)}${SHEETS}_%09d.jpg`, 1), ...JPEG },
  ]
}

const captureEnd = (group: OutputGroup, video: VideoDescription): End => {
  const { FramerateNumerator = 1, FramerateDenominator = 1, MaxCaptures = 1 } = video.CodecSettings?.FrameCaptureSettings ?? {}
  const base = baseOf(group.OutputGroupSettings?.FileGroupSettings?.Destination ?? '')
  const filters = `fps=${FramerateNumerator}/${FramerateDenominator}:round=up,trim=end_frame=${MaxCaptures},${scaled(video, true)}`
  return { filters, output: images(`${base}.%07d.jpg`, 0), ...JPEG }
}

const endsOf = (group: OutputGroup, seconds: number): End[] => {
  const cmaf = group.OutputGroupSettings?.CmafGroupSettings
  const pictures = (group.Outputs ?? []).flatMap((output) => {
    if (!output.VideoDescription) return []
    return cmaf ? rungEnd(output, output.VideoDescription, cmaf, seconds) : captureEnd(group, output.VideoDescription)
  })
  return [...pictures, ...(cmaf ? sheetEnd(cmaf, seconds) : [])]
}

const pictureTask = (source: string, { picture, startSeconds }: SourceFacts, ends: End[]): Task => {
  const first = `[0:${picture.stream}]setpts=PTS-${startSeconds.toFixed(6)}/TB,${TURNS[picture.rotation]}split=${ends.length}${ends.map((_, index) => `[s${index}]`).join('')}`
  return {
    input: { path: source, stream: picture.stream },
    graph: [first, ...ends.map(({ filters }, index) => `[s${index}]${filters}[v${index}]`)].join(';'),
    outputs: ends.map(({ output, encoder, options }, index) => ({ ...output, streams: [{ label: `v${index}`, encoder, options }] })),
    folders: [],
  }
}

const soundTask = (source: string, stream: number, { seconds, output, cmaf }: { seconds: number; output: Output; cmaf: CmafGroupSettings }): Task => {
  const kbps = (output.AudioDescriptions?.[0]?.CodecSettings?.AacSettings?.Bitrate ?? 128_000) / 1000
  const filters = `aresample=48000:async=1:first_pts=0,aformat=sample_fmts=fltp:channel_layouts=stereo,apad=whole_dur=${seconds},atrim=end=${seconds}`
  return {
    input: { path: source, stream },
    graph: `[0:${stream}]${filters},asetnsamples=n=1024:p=0[a0]`,
    outputs: [
      {
        ...hls(`${baseOf(cmaf.Destination ?? '')}${output.NameModifier}`, 'cmfa', cmaf.SegmentLength ?? 10),
        streams: [{ label: 'a0', encoder: 'aac', options: { b: `${kbps}k` } }],
      },
    ],
    folders: [],
  }
}

/** What was made, by file name, and how long it is. */
export type Encoded = { facts: SourceFacts; files: Map<string, Buffer> }

/** Makes of a source what a job's settings ask for, with FFmpeg, under MediaConvert's file names. */
export const encode = async (folder: string, bytes: Uint8Array, { OutputGroups = [] }: JobSettings): Promise<Encoded> => {
  const [source, made] = [join(folder, 'source'), join(folder, 'made')]
  await mkdir(made, { recursive: true })
  await writeFile(source, bytes)
  const facts = await probeFile(folder, source)
  const seconds = facts.durationSeconds
  await run(
    made,
    pictureTask(
      source,
      facts,
      OutputGroups.flatMap((group) => endsOf(group, seconds)),
    ),
  )
  for (const { Outputs = [], OutputGroupSettings: of } of OutputGroups) {
    const cmaf = of?.CmafGroupSettings
    const output = Outputs.find(({ AudioDescriptions }) => AudioDescriptions?.length)
    if (output && cmaf && facts.sound) await run(made, soundTask(source, facts.sound.stream, { seconds, output, cmaf }))
  }
  const names = await readdir(made)
  return { facts, files: new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(made, name))] as const))) }
}
