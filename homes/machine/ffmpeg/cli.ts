import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { turnOf } from './display-matrix.ts'
import { isSteady, longestGap, newReach, note, type Reach } from './reach.ts'
import {
  type CopyTask,
  type Executor,
  INPUT_OPTIONS,
  type Inspection,
  type Life,
  MAX_PIXELS,
  SourceError,
  type StreamFacts,
  type Task,
  type TaskOutput,
} from './task.ts'

/** ffmpeg's own exit code when more than `-max_error_rate` of the frames could not be decoded. */
const TOO_MANY_ERRORS = 69

const pairs = (options: Record<string, string>, suffix = ''): string[] => Object.entries(options).flatMap(([name, value]) => [`-${name}${suffix}`, value])

const outputArguments = (output: TaskOutput): string[] => [
  ...output.streams.flatMap(({ label, encoder, options }, index) => ['-map', `[${label}]`, `-c:${index}`, encoder, ...pairs(options, `:${index}`)]),
  ...['-map_metadata', '-1', '-map_chapters', '-1', '-f', output.format],
  ...pairs(output.options),
  output.path,
]

const isSound = ({ outputs }: Pick<Task, 'outputs'>): boolean => outputs.every(({ streams }) => streams.every(({ label }) => label.startsWith('a')))

export const runArguments = ({ input, graph, outputs }: Task): string[] => [
  ...['-hide_banner', '-nostdin', '-y', '-v', 'error', '-progress', 'pipe:1', '-stats_period', '0.5', '-filter_complex_threads', '1'],
  // Lost frames of a picture are counted, and it is for the job to say how many are too many.
  ...['-max_error_rate', isSound({ outputs }) ? '0.1' : '1'],
  ...(input
    ? [
        ...pairs({ ...INPUT_OPTIONS, max_pixels: String(MAX_PIXELS), threads: '1', reinit_filter: '0', fflags: '+genpts' }),
        ...['-noautorotate', '-noaccurate_seek', '-copyts'],
        ...(input.keyFramesOnly ? ['-skip_frame', 'nokey'] : []),
        ...(input.seekSeconds === undefined ? [] : ['-ss', input.seekSeconds.toFixed(6)]),
        ...['-i', input.path],
      ]
    : []),
  ...['-filter_complex', graph],
  ...outputs.flatMap(outputArguments),
]

const copyArguments = ({ from, to, streams, format, options }: CopyTask): string[] => [
  ...['-hide_banner', '-nostdin', '-y', '-v', 'error', '-progress', 'pipe:1', '-stats_period', '0.5'],
  ...pairs({ ...INPUT_OPTIONS, fflags: '+genpts' }),
  ...['-copyts', '-i', from],
  ...streams.flatMap((index) => ['-map', `0:${index}`]),
  ...['-c', 'copy', '-map_metadata', '-1', '-f', format],
  ...pairs(options),
  to,
]

/** What was started must not outlive this worker. */
const start = (program: string, args: string[]): ChildProcess => {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  process.once('exit', () => child.kill('SIGKILL'))
  return child
}

/** What ffmpeg logs of a packet it cannot decode, and of a frame it mends; a line for each. */
const LOST = /^Error while decoding stream|Error submitting packet to decoder/
const MENDED = /error while decoding MB|damaged at|slice below image|corrupted macroblock|Error at MB/

const lines = async (program: string, args: string[], onLine: (line: string) => void): Promise<{ code: number | null; said: string; damaged: number }> => {
  const child = start(program, args)
  let said = ''
  let damaged = 0
  if (child.stderr)
    createInterface({ input: child.stderr }).on('line', (line) => {
      said = `${said}${line}\n`.slice(-600)
      if (LOST.test(line) || MENDED.test(line)) damaged += 1
    })
  const over = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (child.stdout) createInterface({ input: child.stdout }).on('line', onLine)
  return { code: await over, said: said.trim(), damaged }
}

const mustEnd = async (program: string, args: string[], onLine: (line: string) => void): Promise<{ damaged: number }> => {
  const { code, said, damaged } = await lines(program, args, onLine)
  // Its filters would begin anew in the middle, with silence for all that has been heard.
  if (code !== 0 && said.includes('Changing audio frame properties')) throw new SourceError('undecodable', said)
  if (code === TOO_MANY_ERRORS) throw new SourceError('undecodable', said)
  if (code !== 0) throw new Error(`${basename(program)} ended with ${code}. ${said}`)
  return { damaged }
}

type Probed = {
  format?: { format_name?: string; start_time?: string; duration?: string }
  streams?: ProbedStream[]
  chapters?: { start_time?: string; tags?: { title?: string } }[]
}
type ProbedStream = {
  index: number
  codec_type?: string
  codec_name?: string
  width?: number
  height?: number
  sample_aspect_ratio?: string
  avg_frame_rate?: string
  r_frame_rate?: string
  field_order?: string
  pix_fmt?: string
  profile?: string
  color_space?: string
  color_transfer?: string
  color_primaries?: string
  channels?: number
  sample_rate?: string
  disposition?: { attached_pic?: number; default?: number }
  side_data_list?: { displaymatrix?: string }[]
}

/** A packet among ffprobe's JSON, a line each; what is not known of it is left out. Side data may follow on lines of their own. */
const PACKET = /^\s*\{ "stream_index": (\d+)(?:, "pts_time": "([^"]*)")?(?:, "dts_time": "([^"]*)")?(?:, "duration_time": "([^"]*)")?(?:, "flags": "([^"]*)")?/
/** Where a section of that JSON begins. */
const SECTION = /^\s*"(packets|programs|stream_groups|streams|chapters|format)": [[{]/

const seconds = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))

/** Everything the container says, and what all its packets show, of one reading. */
const read = async (ffprobe: string, path: string, life: Life): Promise<{ probed: Probed; reached: Map<number, Reach> }> => {
  const reached = new Map<number, Reach>()
  const shown = ['-show_format', '-show_streams', '-show_chapters', '-show_entries', 'packet=stream_index,pts_time,dts_time,duration_time,flags']
  let text = '{'
  let section: string | undefined
  await mustEnd(ffprobe, ['-v', 'error', ...pairs(INPUT_OPTIONS), ...shown, '-of', 'json=compact=1', path], (line) => {
    life.beat()
    section = SECTION.exec(line)?.[1] ?? section
    // Packets come first and are too many to keep.
    if (section !== undefined && section !== 'packets') text += line
    const [, index, pts, dts, duration, flags] = (section === 'packets' && PACKET.exec(line)) || []
    if (index === undefined) return
    const reach = reached.get(Number(index)) ?? newReach()
    reached.set(Number(index), reach)
    note(reach, { pts: seconds(pts), dts: seconds(dts), duration: seconds(duration) ?? 0, isKeyframe: flags?.startsWith('K') ?? false })
  })
  // ffprobe's JSON; every field is taken as one that may be missing.
  return { probed: JSON.parse(text) as Probed, reached }
}

const ratio = (text: string | undefined): number => {
  const [over, under] = (text ?? '').split(/[:/]/).map(Number)
  return over && under ? over / under : 0
}

const known = (name: string | undefined): string | undefined => (name && !['unknown', 'reserved', 'unspecified'].includes(name) ? name : undefined)

const coloursOf = (stream: ProbedStream): StreamFacts['colours'] => {
  const [space, transfer, primaries] = [known(stream.color_space), known(stream.color_transfer), known(stream.color_primaries)]
  return { ...(space ? { space } : {}), ...(transfer ? { transfer } : {}), ...(primaries ? { primaries } : {}) }
}

/** Three lines of a number and a colon, then three numbers. */
const rotationOf = ({ side_data_list: data }: ProbedStream): number => {
  const text = data?.find(({ displaymatrix }) => displaymatrix !== undefined)?.displaymatrix ?? ''
  const rows = text
    .trim()
    .split('\n')
    .map((row) =>
      row
        .replace(/^\s*\d+:/, '')
        .trim()
        .split(/\s+/)
        .map(Number),
    )
  return turnOf(rows.flat())
}

const describe = (stream: ProbedStream, reach: Reach | undefined): StreamFacts => ({
  index: stream.index,
  kind: stream.codec_type === 'video' || stream.codec_type === 'audio' || stream.codec_type === 'subtitle' ? stream.codec_type : 'other',
  codec: stream.codec_name ?? 'none',
  isDecodable: known(stream.codec_name) !== undefined && stream.codec_name !== 'none',
  isAttachedPicture: stream.disposition?.attached_pic === 1,
  isDefault: stream.disposition?.default === 1,
  width: stream.width ?? 0,
  height: stream.height ?? 0,
  pixelAspect: ratio(stream.sample_aspect_ratio) || 1,
  rotation: rotationOf(stream),
  averageFps: ratio(stream.avg_frame_rate) || ratio(stream.r_frame_rate),
  isInterlaced: ['tt', 'bb', 'tb', 'bt'].includes(stream.field_order ?? ''),
  colours: coloursOf(stream),
  pixelFormat: stream.pix_fmt ?? '',
  profile: stream.profile ?? '',
  isSteady: isSteady(reach),
  longestGapSeconds: longestGap(reach),
  longestWaitSeconds: reach?.longestWait ?? 0,
  furthestBackSeconds: reach?.furthestBack ?? 0,
  channels: stream.channels ?? 0,
  sampleRate: Number(stream.sample_rate ?? 0),
  packets: reach?.packets ?? 0,
  keyFrames: reach?.keyFrames ?? 0,
  firstSeconds: reach?.first ?? 0,
  endSeconds: reach?.end ?? 0,
})

const inspect = async (ffprobe: string, path: string, life: Life): Promise<Inspection> => {
  const { probed, reached } = await read(ffprobe, path, life)
  const claimed = Number(probed.format?.duration)
  return {
    format: probed.format?.format_name ?? '',
    startSeconds: Number(probed.format?.start_time ?? 0) || 0,
    ...(claimed > 0 ? { claimedSeconds: claimed } : {}),
    streams: (probed.streams ?? []).map((stream) => describe(stream, reached.get(stream.index))),
    chapters: (probed.chapters ?? []).map((chapter) => ({ startSeconds: Number(chapter.start_time ?? 0), title: chapter.tags?.title ?? '' })),
  }
}

/** An `ffmpeg` (5.0 or later) of the machine, with an `ffprobe` beside it. */
export const cli = (ffmpegPath: string): Executor => {
  const folder = dirname(ffmpegPath)
  const ffprobe = folder === '.' && !ffmpegPath.startsWith('.') ? 'ffprobe' : join(folder, basename(ffmpegPath).replace('ffmpeg', 'ffprobe'))
  return {
    inspect: (path, life) => inspect(ffprobe, path, life),
    async run(task, life) {
      for (const wanted of task.folders) await mkdir(wanted, { recursive: true })
      let reached = Number.NaN
      let frames = 1
      const { damaged } = await mustEnd(ffmpegPath, runArguments(task), (line) => {
        const [name, value] = line.split('=')
        life.beat()
        if (name === 'frame') frames = Math.max(frames, Number(value) || 0)
        if (name !== 'out_time_us') return
        reached = Number(value) / 1e6
        if (Number.isFinite(reached)) life.reached(reached)
      })
      if (!Number.isFinite(reached)) throw new SourceError('undecodable', 'No frame could be decoded.')
      // A mended frame may have been told of in several lines.
      const decodeErrors = isSound(task) ? 0 : Math.min(damaged, frames)
      return { decodedFrames: frames - decodeErrors, decodeErrors }
    },
    async copy(task, life) {
      await mkdir(dirname(task.to), { recursive: true })
      await mustEnd(ffmpegPath, copyArguments(task), (line) => {
        life.beat()
        const [name, value] = line.split('=')
        if (name === 'out_time_us' && Number.isFinite(Number(value))) life.reached(Number(value) / 1e6)
      })
    },
  }
}
