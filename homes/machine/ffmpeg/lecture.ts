import { copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addChapters } from './chapters.ts'
import type { Task } from './task.ts'
import { work } from './work.ts'

export type Slide = { heading: string; lines: string[]; seconds: number }
export type LectureOptions = { path: string; title: string; slides: Slide[]; width?: number; height?: number; fps?: number; seed?: number }

type Look = { width: number; height: number; fps: number; accent: string; glow: string; root: number; title: string; count: number }
type Text = { file: string; text: string }

const ACCENTS = [
  { accent: '0x7dd3c0', glow: '0x17334a' },
  { accent: '0xf2b872', glow: '0x3a2a3f' },
  { accent: '0x9db4ff', glow: '0x232a5c' },
  { accent: '0xf29ca3', glow: '0x3d2440' },
  { accent: '0xb7d98b', glow: '0x1f3a3c' },
] as const
const NIGHT = '0x0c1226'
const INK = '0xf4f6fb'
const MUTED = '0x93a0bd'

/** Breaks a text at spaces into rows of at most `width` letters. */
const wrap = (text: string, width: number): string[] => {
  const rows: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = rows.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) rows[rows.length - 1] = `${last} ${word}`
    else rows.push(word)
  }
  return rows
}

/** Texts lie in files of their own, so that nothing in them can be read as a filter. */
const drawText = (text: Text, style: { font: 'bold' | 'text'; size: number; colour: string; x: string; y: number; from?: number }): string => {
  const appears = style.from === undefined ? '' : `:enable='gte(t,${style.from.toFixed(2)})':alpha='min(1,max(0,(t-${style.from.toFixed(2)})/0.45))'`
  return `drawtext=fontfile=${style.font}.ttf:textfile=${text.file}:expansion=none:fontsize=${style.size}:fontcolor=${style.colour}:line_spacing=${Math.round(style.size * 0.42)}:x=${style.x}:y=${style.y}${appears}`
}

const drawSlide = (look: Look, slide: Slide, index: number): { graph: string; texts: Text[] } => {
  const { width, height, accent } = look
  const unit = height / 720
  const px = (length: number): number => Math.round(length * unit)
  const left = Math.round(width * 0.085)
  const room = width - 2 * left
  const headingSize = px(56)
  const heading = { file: `s${index}-heading.txt`, text: wrap(slide.heading, Math.floor(room / (headingSize * 0.62))).join('\n') }
  const top = px(104) + heading.text.split('\n').length * Math.round(headingSize * 1.42) + px(34)
  const fits = (size: number): string[][] => slide.lines.map((line) => wrap(line, Math.floor((room - px(40)) / (size * 0.54))))
  const rows = (size: number): number => fits(size).reduce((sum, one) => sum + one.length * 1.42 + 0.75, 0) * size
  const size = [34, 30, 26, 22, 18].map(px).find((one) => top + rows(one) < height - px(90)) ?? px(16)
  const steps: string[] = []
  const texts = [heading]
  let y = top
  fits(size).forEach((line, at) => {
    const from = 0.6 + (at * Math.max(0.5, slide.seconds - 2)) / Math.max(1, slide.lines.length)
    const text = { file: `s${index}-line${at}.txt`, text: line.join('\n') }
    const dot = px(10)
    steps.push(`drawbox=x=${left}:y=${y + Math.round(size * 0.38)}:w=${dot}:h=${dot}:color=${accent}:t=fill:enable='gte(t,${from.toFixed(2)})'`)
    steps.push(drawText(text, { font: 'text', size, colour: '0xdbe2f2', x: String(left + px(34)), y, from }))
    texts.push(text)
    y += Math.round(size * (line.length * 1.42 + 0.75))
  })
  const number = { file: `s${index}-number.txt`, text: `${index + 1} / ${look.count}` }
  const footer = { file: `s${index}-title.txt`, text: look.title.slice(0, 80) }
  const foot = { font: 'text' as const, size: px(19), colour: MUTED, y: height - px(52) }
  const background = `gradients=s=${width}x${height}:r=${look.fps}:d=${1 / look.fps}:n=2:c0=${NIGHT}:c1=${look.glow}:x0=0:y0=0:x1=${width - 1}:y1=${height - 1}:speed=0.00001:seed=1`
  const graph = [
    // One frame of it is drawn, and shown for as long as the slide lasts.
    `${background},format=yuv420p,loop=loop=-1:size=1:start=0,setpts=N/${look.fps}/TB,trim=duration=${slide.seconds}`,
    `drawbox=x=${left}:y=${px(78)}:w=${px(72)}:h=${px(6)}:color=${accent}:t=fill`,
    drawText(heading, { font: 'bold', size: headingSize, colour: INK, x: String(left), y: px(108), from: 0.1 }),
    ...steps,
    drawText(footer, { ...foot, x: String(left) }),
    drawText(number, { ...foot, x: `${width - left}-text_w` }),
  ]
  return { graph: `${graph.join(',')}[slide${index}]`, texts: [...texts, number, footer] }
}

/** Semitones above the root: four chords that lead back to the first. */
const CHORDS = [
  [0, 7, 12, 16],
  [-3, 4, 9, 16],
  [-7, 5, 9, 12],
  [-5, 2, 11, 14],
] as const

/** A quiet pad with a plucked note on every half second; sixteen seconds of it, repeated. */
const drawMusic = (look: Look, seconds: number): string => {
  const hertz = (semitones: number): string => (look.root * 2 ** (semitones / 12)).toFixed(3)
  const chords = CHORDS.map((notes, index) => {
    const pad = notes.map((note, at) => `sin(2*PI*${hertz(note)}*t+${at})`).join('+')
    const pluck = notes
      .slice(1)
      .map((note, at) => `eq(mod(floor(t*2),3),${at})*sin(4*PI*${hertz(note)}*t)`)
      .join('+')
    const envelope = 'min(1,t*1.4)*min(1,(4-t)*1.4)'
    return `aevalsrc=exprs='0.06*${envelope}*(${pad})+0.09*exp(-5*mod(t,0.5))*min(1,mod(t,0.5)*60)*min(1,(4-t)*8)*(${pluck})':s=24000:d=4[chord${index}]`
  })
  const joined = `${CHORDS.map((_, index) => `[chord${index}]`).join('')}concat=n=${CHORDS.length}:v=0:a=1`
  const room = 'lowpass=f=2400,aecho=0.8:0.7:280|430:0.28|0.18'
  const ends = `atrim=duration=${seconds},afade=t=in:d=1.5,afade=t=out:st=${Math.max(0, seconds - 2)}:d=2`
  return [
    ...chords,
    `${joined},aloop=loop=-1:size=${4 * 4 * 24_000},${room},${ends},aresample=48000,aformat=sample_fmts=fltp:channel_layouts=stereo,asetnsamples=n=1024:p=0[a0]`,
  ].join(';')
}

const lectureTask = (look: Look, slides: Slide[], path: string): { task: Task; texts: Text[] } => {
  const seconds = slides.reduce((sum, slide) => sum + slide.seconds, 0)
  const drawn = slides.map((slide, index) => drawSlide(look, slide, index))
  const bar = Math.max(4, Math.round(look.height / 120))
  const graph = [
    ...drawn.map((one) => one.graph),
    `${slides.map((_, index) => `[slide${index}]`).join('')}concat=n=${slides.length}:v=1:a=0[slides]`,
    `color=c=${look.accent}:s=${look.width}x${bar}:r=${look.fps}:d=${seconds},format=yuv420p[bar]`,
    `[slides][bar]overlay=x='-w+W*t/${seconds}':y=${look.height - bar},fps=${look.fps},tpad=stop_mode=clone:stop=-1,trim=end_frame=${Math.round(seconds * look.fps)},setsar=1,format=yuv420p[v0]`,
    drawMusic(look, seconds),
  ]
  const video = { preset: 'superfast', crf: '20', g: String(look.fps * 2), colorspace: 'smpte170m', color_range: 'tv' }
  const task: Task = {
    graph: graph.join(';'),
    outputs: [
      {
        path,
        format: 'mp4',
        options: {},
        streams: [
          { label: 'v0', encoder: 'libx264', options: video },
          { label: 'a0', encoder: 'aac', options: { b: '128k' } },
        ],
      },
    ],
    folders: [],
  }
  return { task, texts: drawn.flatMap((one) => one.texts) }
}

const FONTS = dirname(fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/package.json')))

/**
 * Draws a lecture as an `.mp4`: one slide after another, whose lines appear one by one, over quiet music, with a chapter for
 * each. The same options make the same film. It is drawn by a worker process and put at `path` when it is whole.
 */
export const makeLecture = async (options: LectureOptions): Promise<void> => {
  const { slides, title, width = 1280, height = 720, fps = 25, seed = 0 } = options
  const path = resolve(options.path)
  const colours = ACCENTS[Math.abs(seed) % ACCENTS.length] ?? ACCENTS[0]
  const look: Look = { width, height, fps, title, count: slides.length, root: 174.61 * 2 ** ((Math.abs(seed * 5) % 7) / 12), ...colours }
  const folder = await mkdtemp(join(dirname(path), `.${basename(path)}-`))
  try {
    const { task, texts } = lectureTask(look, slides, 'lecture.mp4')
    await copyFile(join(FONTS, 'ttf', 'DejaVuSans-Bold.ttf'), join(folder, 'bold.ttf'))
    await copyFile(join(FONTS, 'ttf', 'DejaVuSans.ttf'), join(folder, 'text.ttf'))
    await Promise.all(texts.map(({ file, text }) => writeFile(join(folder, file), text)))
    const outcome = await work({ kind: 'run', task }, { folder, limits: { seconds: 600, bytes: Number.POSITIVE_INFINITY } })
    if (outcome.kind !== 'done') throw new Error(`The lecture could not be drawn: ${'detail' in outcome ? outcome.detail : outcome.kind}`)
    const drawn = join(folder, 'lecture.mp4')
    const starts = slides.map((slide, index) => ({ title: slide.heading, startSeconds: slides.slice(0, index).reduce((sum, one) => sum + one.seconds, 0) }))
    await addChapters(drawn, starts)
    await rename(drawn, path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
