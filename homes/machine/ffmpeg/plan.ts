import type { Recipe, Rung } from '#ports/transcoder.ts'
import type { Task, TaskOutput } from './task.ts'

/** A fraction of whole numbers: 30000/1001 frames a second. */
export type Fraction = { num: number; den: number }

/** What the probe found out about a source that can be used. */
export type Facts = {
  durationSeconds: number
  /** The container's first time stamp, which becomes 0. */
  startSeconds: number
  picture: Picture
  sound?: { stream: number; channels: number }
  /** Cannot be entered at any second as it is: copied into a container with an index first. */
  needsCopy: boolean
  chapters: { startSeconds: number; title: string }[]
}

export type Picture = {
  stream: number
  /** As it is to be seen: square pixels, turned upright. */
  width: number
  height: number
  rotation: 0 | 90 | 180 | 270
  fps: Fraction
  isInterlaced: boolean
  hdr: boolean
  colours: { space?: string; transfer?: string; primaries?: string }
  secondsPerKeyFrame: number
  lastFrameSeconds: number
}

export type PlannedRung = { name: string; width: number; height: number; crf: number; maxrateKbps: number }

/** All of what will be made, fixed once: the same for both executors and for every start of the same job. */
export type Plan = {
  facts: Facts
  fps: Fraction
  frames: number
  segmentFrames: number
  chunkFrames: number
  chunks: number
  segmentSeconds: number
  audioKbps: number
  rungs: PlannedRung[]
  storyboard: { everySeconds: number; tileWidth: number; tileHeight: number; tiles: number; sheets: number }
}

/** The two FFmpegs differ in one filter: node-av's build has `tonemapx`, a common one has `zscale`. */
export type Engine = 'embedded' | 'cli'

const SEGMENTS_A_CHUNK = 6
const COMMON_RATES: Fraction[] = [
  { num: 24000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30000, den: 1001 },
  { num: 30, den: 1 },
  { num: 50, den: 1 },
  { num: 60000, den: 1001 },
  { num: 60, den: 1 },
]

export const perSecond = ({ num, den }: Fraction): number => num / den

/** How far a usual rate is from showing every frame of a measured one equally long. */
const judder = (measured: number, rate: Fraction): number => {
  const repeats = Math.max(1, Math.round(perSecond(rate) / measured))
  return Math.abs(measured * repeats - perSecond(rate)) / perSecond(rate)
}

/** The usual rate that fits a measured one best: at most 60, and at most 30 for a source below 48. */
export const snapFps = (measured: number): Fraction => {
  if (!(measured > 0)) return { num: 30, den: 1 }
  const capped = Math.min(measured, 60)
  const allowed = COMMON_RATES.filter((rate) => (capped >= 48 ? perSecond(rate) >= 48 : perSecond(rate) <= 30))
  return allowed.reduce((best, rate) => (judder(capped, rate) < judder(capped, best) ? rate : best))
}

const even = (length: number): number => Math.max(2, Math.floor(length / 2) * 2)

const sized = (picture: Picture, shortSide: number): { width: number; height: number } => {
  const short = Math.min(picture.width, picture.height)
  const source = Math.max(picture.width, picture.height)
  const long = Math.min(even(source), Math.max(2, 2 * Math.round((source * shortSide) / short / 2)))
  return picture.width >= picture.height ? { width: long, height: even(shortSide) } : { width: even(shortSide), height: long }
}

/**
 * The recipe's rungs the source can fill, never enlarged. A source well between two rungs (900 lines) also keeps its own
 * size, with the settings of the rung above; one below them all is a rung by itself.
 */
export const ladder = (picture: Picture, recipe: Recipe): PlannedRung[] => {
  const short = Math.min(picture.width, picture.height)
  const best = recipe.rungs.toSorted((a, b) => b.shortSide - a.shortSide)
  const fitting = best.filter((rung) => rung.shortSide <= short)
  const above = best.filter((rung) => rung.shortSide > short).at(-1)
  const top = fitting[0]
  const keepsItsSize = above !== undefined && (top === undefined || short > top.shortSide * 1.1)
  const own: Rung[] = keepsItsSize ? [{ ...above, name: `${even(short)}p`, shortSide: short }] : []
  return [...own, ...fitting].map(({ name, shortSide, crf, maxrateKbps }) => ({ name, crf, maxrateKbps, ...sized(picture, shortSide) }))
}

export const planOf = (facts: Facts, recipe: Recipe): Plan => {
  const { picture, durationSeconds } = facts
  const { fps } = picture
  const frames = Math.max(1, Math.round(durationSeconds * perSecond(fps)))
  const segmentFrames = Math.round(recipe.segmentSeconds * perSecond(fps))
  const chunkFrames = SEGMENTS_A_CHUNK * segmentFrames
  const everySeconds = Math.max(2, Math.ceil(durationSeconds / 100))
  const tiles = Math.max(1, Math.ceil(durationSeconds / everySeconds))
  return {
    facts,
    fps,
    frames,
    segmentFrames,
    chunkFrames,
    chunks: Math.ceil(frames / chunkFrames),
    segmentSeconds: recipe.segmentSeconds,
    audioKbps: recipe.audioKbps,
    rungs: ladder(picture, recipe),
    storyboard: {
      everySeconds,
      tiles,
      sheets: Math.ceil(tiles / 100),
      tileWidth: 240,
      tileHeight: even(Math.round((240 * picture.height) / picture.width)),
    },
  }
}

const fraction = ({ num, den }: Fraction): string => `${num}/${den}`
const TURNS: Record<Picture['rotation'], string[]> = { 0: [], 90: ['transpose=clock'], 180: ['hflip', 'vflip'], 270: ['transpose=cclock'] }
const TONEMAPS: Record<Engine, string[]> = {
  embedded: ['tonemapx=tonemap=hable:desat=0:t=bt709:m=bt709:p=bt709:r=tv:format=yuv420p'],
  cli: ['zscale=t=linear:npl=100', 'format=gbrpf32le', 'zscale=p=bt709', 'tonemap=hable:desat=0', 'zscale=t=bt709:m=bt709:r=tv'],
}

/** From a decoded frame to one upright, square-pixelled, flat-toned frame of this size. */
const upright = (facts: Facts, size: { width: number; height: number }, engine: Engine): string[] => {
  const { picture } = facts
  const isTurned = picture.rotation === 90 || picture.rotation === 270
  const [width, height] = isTurned ? [size.height, size.width] : [size.width, size.height]
  return [
    `setpts=PTS-${facts.startSeconds.toFixed(6)}/TB`,
    ...(picture.isInterlaced ? ['bwdif=mode=send_frame'] : []),
    // First of the filters that depend on a size: a source may change its own in the middle.
    `scale=${width}:${height}:flags=bicubic${picture.hdr ? '' : ':out_range=tv'}`,
    ...TURNS[picture.rotation],
    ...(picture.hdr ? TONEMAPS[engine] : []),
    'setsar=1',
    'format=yuv420p',
  ]
}

/** Exactly `frames` frames from `from` on: the one on screen is repeated through gaps, before a late start and past the end. */
const steady = (fps: Fraction, from: string, frames: number): string[] => {
  const rate = fraction(fps)
  // The first `fps` and `tpad` carry the last picture on without end, so that a chunk wholly after it still has frames;
  // `eof_action` keeps that picture even when it is the only one.
  return [`fps=${rate}:eof_action=pass`, 'tpad=stop_mode=clone:stop=-1', `fps=${rate}:start_time=${from}`, `trim=end_frame=${frames}`]
}

const colourOptions = ({ picture }: Facts): Record<string, string> => {
  if (picture.hdr) return { colorspace: 'bt709', color_trc: 'bt709', color_primaries: 'bt709', color_range: 'tv' }
  const { space, transfer, primaries } = picture.colours
  return { color_range: 'tv', ...(space ? { colorspace: space } : {}), ...(transfer ? { color_trc: transfer } : {}), ...(primaries ? { color_primaries: primaries } : {}) }
}

const videoEncoder = (plan: Plan, rung: PlannedRung): Record<string, string> => ({
  preset: 'veryfast',
  tune: 'animation',
  crf: String(rung.crf),
  maxrate: String(rung.maxrateKbps * 1000),
  bufsize: String(rung.maxrateKbps * 2000),
  g: String(plan.segmentFrames),
  keyint_min: String(plan.segmentFrames),
  sc_threshold: '0',
  // Parallel by chunk, not by thread: 5 % less CPU, and the same bytes on every machine.
  threads: '1',
  ...colourOptions(plan.facts),
})

export const chunkSpan = (plan: Plan, chunk: number): { firstFrame: number; frames: number; segments: number } => {
  const firstFrame = chunk * plan.chunkFrames
  const frames = Math.min(plan.chunkFrames, plan.frames - firstFrame)
  return { firstFrame, frames, segments: Math.ceil(frames / plan.segmentFrames) }
}

export const SEGMENTS_IN_A_CHUNK = SEGMENTS_A_CHUNK

/** All rungs of one chunk in one pass: decoded once, each rung scaled from the one above. */
export const chunkTask = (plan: Plan, source: string, chunk: number, engine: Engine): Task => {
  const { firstFrame, frames } = chunkSpan(plan, chunk)
  const from = firstFrame / perSecond(plan.fps)
  const [top] = plan.rungs
  if (!top) throw new Error('A plan has at least one rung.')
  const last = plan.rungs.length - 1
  const first = [...upright(plan.facts, top, engine), ...steady(plan.fps, from.toFixed(6), frames)].join(',')
  const chain = plan.rungs.map((rung, index) => {
    const how = index === 0 ? `[0:${plan.facts.picture.stream}]${first}` : `[c${index - 1}]scale=${rung.width}:${rung.height}:flags=bicubic`
    return index === last ? `${how}[v${index}]` : `${how},split=2[v${index}][c${index}]`
  })
  // A quarter of a second early, because containers index by decoding time, which runs ahead of showing time.
  const seekSeconds = Math.max(0, Math.min(from, plan.facts.picture.lastFrameSeconds) - 0.25)
  const step = 1 / perSecond(plan.fps)
  const output: TaskOutput = {
    path: '%v/index.m3u8',
    format: 'hls',
    options: {
      avoid_negative_ts: 'disabled',
      hls_time: (plan.segmentFrames * step - 0.5 * step).toFixed(6),
      hls_playlist_type: 'event',
      hls_segment_type: 'fmp4',
      hls_flags: 'independent_segments',
      // `frag_discont` puts the absolute time in `tfdt` and leaves every chunk's init.mp4 the same, byte for byte.
      hls_segment_options: 'movflags=+frag_discont+skip_sidx',
      start_number: String(chunk * SEGMENTS_A_CHUNK),
      var_stream_map: plan.rungs.map((rung, index) => `v:${index},name:${rung.name}`).join(' '),
      hls_segment_filename: '%v/%05d.m4s',
      hls_fmp4_init_filename: 'init.mp4',
    },
    streams: plan.rungs.map((rung, index) => ({ label: `v${index}`, encoder: 'libx264', options: videoEncoder(plan, rung) })),
  }
  return {
    input: { path: source, stream: plan.facts.picture.stream, ...(chunk > 0 ? { seekSeconds } : {}) },
    graph: chain.join(';'),
    outputs: [output],
    folders: plan.rungs.map((rung) => rung.name),
  }
}

/** Seconds of silence FFmpeg's AAC encoder puts before the first sample: 1024 samples. */
const ENCODER_DELAY = 1024 / 48_000

/** The whole sound at once: AAC cut in chunks is not gapless. */
export const audioTask = (plan: Plan, source: string, stream: number): Task => {
  const { facts } = plan
  // Less what the encoder adds at the front, so that the sound ends with the picture.
  const length = Math.max(ENCODER_DELAY, plan.frames / perSecond(plan.fps) - ENCODER_DELAY).toFixed(6)
  const filters = [
    `asetpts=PTS-${facts.startSeconds.toFixed(6)}/TB`,
    'aresample=48000:async=1:first_pts=0',
    'aformat=sample_fmts=fltp:channel_layouts=stereo',
    // Without an edit list to say so, the encoder's delay would make the sound 21 ms late.
    'atrim=start_sample=1024',
    'asetpts=PTS-STARTPTS',
    `apad=whole_dur=${length}`,
    `atrim=end=${length}`,
    'asetnsamples=n=1024:p=0',
  ]
  return {
    input: { path: source, stream },
    graph: `[0:${stream}]${filters.join(',')}[a0]`,
    outputs: [
      {
        path: 'audio/index.m3u8',
        format: 'hls',
        options: {
          hls_time: String(plan.segmentSeconds),
          hls_playlist_type: 'event',
          hls_segment_type: 'fmp4',
          hls_flags: 'independent_segments',
          hls_segment_options: 'movflags=+cmaf+skip_sidx',
          hls_segment_filename: 'audio/%05d.m4s',
          hls_fmp4_init_filename: 'init.mp4',
        },
        streams: [{ label: 'a0', encoder: 'aac', options: { b: `${plan.audioKbps}k` } }],
      },
    ],
    folders: ['audio'],
  }
}

const JPEG = { encoder: 'mjpeg', options: { flags: '+qscale', global_quality: String(5 * 118), color_range: 'pc' } }

/** Key frames are enough for small pictures, and 25 times cheaper, unless the source has hardly any. */
export const storyboardTask = (plan: Plan, source: string, engine: Engine): Task => {
  const { storyboard, facts } = plan
  const { picture } = facts
  const posterScale = Math.min(1, 1280 / Math.max(picture.width, picture.height))
  const poster = { width: even(picture.width * posterScale), height: even(picture.height * posterScale) }
  const size = `${storyboard.tileWidth}:${storyboard.tileHeight}`
  const full = 'out_range=pc,format=yuvj420p'
  const sheets = [...steady({ num: 1, den: storyboard.everySeconds }, '0', storyboard.tiles), `scale=${size}:flags=bicubic:${full}`, 'tile=10x10']
  const graph = [
    `[0:${picture.stream}]${upright(facts, poster, engine).join(',')},split=2[p][s]`,
    `[p]thumbnail=n=30,trim=end_frame=1,scale=${poster.width}:${poster.height}:${full}[v0]`,
    `[s]${sheets.join(',')}[v1]`,
  ]
  return {
    input: { path: source, stream: picture.stream, keyFramesOnly: picture.secondsPerKeyFrame <= 12 },
    graph: graph.join(';'),
    outputs: [
      { path: 'poster.jpg', format: 'image2', options: { update: '1' }, streams: [{ label: 'v0', ...JPEG }] },
      { path: 'storyboard-%03d.jpg', format: 'image2', options: { start_number: '0' }, streams: [{ label: 'v1', ...JPEG }] },
    ],
    folders: [],
  }
}
