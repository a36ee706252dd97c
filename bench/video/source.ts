import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { access, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Task } from '#homes/machine/ffmpeg/task.ts'
import { work } from '#homes/machine/ffmpeg/work.ts'

export const FPS = 30
const WIDTH = 1920
const HEIGHT = 1080
const FONTS = join(dirname(fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/package.json'))), 'ttf')

const SUBJECTS = ['A lens', 'The prism', 'Each mirror', 'This grating', 'A thin film', 'The observer', 'Every wave', 'One photon']
const VERBS = ['bends', 'delays', 'gathers', 'divides', 'returns', 'measures']
const THINGS = [
  'the light of a distant lamp',
  'what the eye takes for white',
  'two rays that were one',
  'half of what it is given',
  'the colours in their order',
]
const pick = (from: readonly string[], index: number): string => from[index % from.length] ?? ''
const sentence = (index: number): string => `${pick(SUBJECTS, index * 3)} ${pick(VERBS, index * 5)} ${pick(THINGS, index * 7)}`
const codeLine = (index: number): string =>
  `${' '.repeat(2 * ((index * 7) % 5))}const ${pick(VERBS, index)}${index} = trace(ray[${index % 9}], { ${pick(VERBS, index * 3)}: ${(index * 37) % 101}, steps: ${(index * 13) % 64} })`

type Drawn = { graph: string; texts: Record<string, string> }

/** White slides; on each a heading, and lines that appear one by one. */
const slides = (label: string, seconds: number): Drawn => {
  const each = Math.max(2, seconds / 4)
  const texts: Record<string, string> = {}
  const steps = Array.from({ length: Math.ceil(seconds / each) * 6 }, (_, index) => {
    const [slide, line] = [Math.floor(index / 6), index % 6]
    const file = `${label}-${index}.txt`
    texts[file] = line === 0 ? `${slide + 1}. ${pick(SUBJECTS, slide)} ${pick(VERBS, slide)}` : sentence(index)
    const from = (slide * each + (line * each) / 8).toFixed(2)
    const style = line === 0 ? 'fontfile=bold.ttf:fontsize=84:fontcolor=0x16213e' : 'fontfile=text.ttf:fontsize=46:fontcolor=0x333f5c'
    return `drawtext=${style}:textfile=${file}:expansion=none:x=130:y=${line === 0 ? 110 : 180 + line * 130}:enable='between(t,${from},${((slide + 1) * each).toFixed(2)})'`
  })
  return { graph: `color=c=0xfbfaf4:s=${WIDTH}x${HEIGHT}:r=${FPS}:d=${seconds},format=yuv420p,${steps.join(',')},setsar=1[${label}]`, texts }
}

/** A listing, light on dark, that scrolls on for one second in four. */
const listing = (label: string, seconds: number): Drawn => {
  const lines = Array.from({ length: 40 + Math.ceil(seconds * 2) }, (_, index) => codeLine(index))
  const style = 'fontfile=mono.ttf:fontsize=30:fontcolor=0xd6deeb:line_spacing=12'
  return {
    graph: `color=c=0x011627:s=${WIDTH}x${HEIGHT}:r=${FPS}:d=${seconds},format=yuv420p,drawtext=${style}:textfile=${label}.txt:expansion=none:x=80:y='60-180*(floor(t/4)+min(1,mod(t,4)))',setsar=1[${label}]`,
    texts: { [`${label}.txt`]: lines.join('\n') },
  }
}

/** A picture with depth that never stands still, with the grain of a camera. */
const camera = (width: number, height: number, seconds: number): string =>
  `mandelbrot=s=${width}x${height}:r=${FPS}:maxiter=256:end_scale=0.001:end_pts=1800,trim=duration=${seconds},noise=alls=3:allf=t:all_seed=11,format=yuv420p`

type Encoder = Task['outputs'][number]['streams'][number]
const H264: Encoder = { label: 'v0', encoder: 'libx264', options: { preset: 'veryfast', b: '6M', maxrate: '9M', bufsize: '12M', g: '250', threads: '2' } }
const HEVC: Encoder = { label: 'v0', encoder: 'libx265', options: { preset: 'ultrafast', crf: '24', g: '250', 'x265-params': 'log-level=none:pools=2' } }

/** A lecture: a third slides, a third code with the speaker in a corner, then film, then slides again. */
const lectureTask = (seconds: number, picture: Encoder): { task: Task; texts: Record<string, string> } => {
  const [first, code, last] = [slides('first', seconds / 3), listing('code', seconds / 3), slides('last', seconds / 6)]
  const film = `${camera(WIDTH / 2, HEIGHT / 2, seconds / 6)},scale=${WIDTH}:${HEIGHT}:flags=bicubic,noise=alls=2:allf=t:all_seed=5,setsar=1[film]`
  const speaker = `${camera(640, 360, seconds)},scale=480:270,setsar=1[speaker]`
  const isAway = `between(t,${((seconds * 2) / 3).toFixed(2)},${((seconds * 5) / 6).toFixed(2)})`
  const graph = [
    ...[first.graph, code.graph, film, last.graph, speaker],
    '[first][code][film][last]concat=n=4:v=1:a=0[scenes]',
    `[scenes][speaker]overlay=x=${WIDTH - 480 - 40}:y=${HEIGHT - 270 - 40}:enable='not(${isAway})',fps=${FPS},tpad=stop_mode=clone:stop=-1,trim=end_frame=${seconds * FPS},format=yuv420p[v0]`,
    `anoisesrc=c=pink:r=48000:a=0.3:seed=3:d=${seconds},tremolo=f=3.5:d=0.9,lowpass=f=3000,aformat=sample_fmts=fltp:channel_layouts=stereo,asetnsamples=n=1024:p=0[a0]`,
  ]
  const outputs = [{ path: 'film', format: 'mp4', options: {}, streams: [picture, { label: 'a0', encoder: 'aac', options: { b: '160k' } }] }]
  return { task: { graph: graph.join(';'), outputs, folders: [] }, texts: { ...first.texts, ...code.texts, ...last.texts } }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Made once, and kept among the system's temporary files under the hash of how it is made. */
const cached = async (how: string, extension: string, make: (folder: string, path: string) => Promise<void>): Promise<string> => {
  const cache = join(tmpdir(), 'lectern-bench')
  const path = join(cache, `${createHash('sha256').update(how).digest('hex').slice(0, 16)}.${extension}`)
  if (await isThere(path)) return path
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'making-'))
  try {
    await make(folder, join(folder, 'made'))
    await rename(join(folder, 'made'), path)
    return path
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const REPEAT = new URL('./repeat.ts', import.meta.url)
const VERSION = '1'

/** Copies a film's streams behind one another, `times` over, into the container its name tells. */
const repeat = async (from: string, to: string, how: { times: number; seconds: number; format: string }): Promise<void> => {
  const child = fork(REPEAT, [JSON.stringify({ from, to, ...how })], { execArgv: [] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`The film could not be repeated (${code}).`)
}

const draw = (seconds: number, picture: Encoder): Promise<string> => {
  const { task, texts } = lectureTask(seconds, picture)
  return cached(JSON.stringify([VERSION, task, texts]), 'mp4', async (folder, path) => {
    const fonts = { 'bold.ttf': 'DejaVuSans-Bold.ttf', 'text.ttf': 'DejaVuSans.ttf', 'mono.ttf': 'DejaVuSansMono.ttf' }
    await Promise.all(Object.entries(fonts).map(([name, font]) => copyFile(join(FONTS, font), join(folder, name))))
    await Promise.all(Object.entries(texts).map(([name, text]) => writeFile(join(folder, name), text)))
    const outcome = await work({ kind: 'run', task }, { folder, limits: { bytes: 1024 ** 3 } })
    if (outcome.kind !== 'done') throw new Error(`The bench's film could not be drawn: ${'detail' in outcome ? outcome.detail : outcome.kind}`)
    await rename(join(folder, 'film'), path)
  })
}

/** Whole numbers of pictures and of AAC frames, so that its copies join without a seam. */
const CLIP_SECONDS = 16

/** Sixty minutes of a short clip again and again. */
const hour = async (picture: Encoder, { format, extension }: { format: string; extension: string }): Promise<string> => {
  const clip = await draw(CLIP_SECONDS, picture)
  const how = { times: 3600 / CLIP_SECONDS, seconds: CLIP_SECONDS, format }
  return cached(JSON.stringify([VERSION, clip, how]), extension, (_, path) => repeat(clip, path, how))
}

/** 1080p30 H.264 and AAC in MP4, as a camera or a screen recorder writes it. */
export const lecture = (seconds: number): Promise<string> => draw(seconds, H264)

export const hourOfH264 = (): Promise<string> => hour(H264, { format: 'mp4', extension: 'mp4' })

/** No browser can be given this as it is. */
export const hourOfHevc = (): Promise<string> => hour(HEVC, { format: 'matroska', extension: 'mkv' })
