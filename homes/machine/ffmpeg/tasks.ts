import { even, perSecond } from '#core/recipes/ladder.ts'
import type { Fraction, Picture, PlannedRung, SourceFacts } from '#ports/transcoder.ts'
import { chunkSpan, type Plan, SEGMENTS_A_CHUNK } from './plan.ts'
import type { CopyTask, Task, TaskOutput } from './task.ts'

/** The two FFmpegs differ in one filter: node-av's build has `tonemapx`, a common one has `zscale`. */
export type Engine = 'embedded' | 'cli'

const fraction = ({ num, den }: Fraction): string => `${num}/${den}`
const TURNS: Record<Picture['rotation'], string[]> = { 0: [], 90: ['transpose=clock'], 180: ['hflip', 'vflip'], 270: ['transpose=cclock'] }
const TONEMAPS: Record<Engine, string[]> = {
  embedded: ['tonemapx=tonemap=hable:desat=0:t=bt709:m=bt709:p=bt709:r=tv:format=yuv420p'],
  cli: ['zscale=t=linear:npl=100', 'format=gbrpf32le', 'zscale=p=bt709', 'tonemap=hable:desat=0', 'zscale=t=bt709:m=bt709:r=tv'],
}

/** From a decoded frame to one upright, square-pixelled, flat-toned frame of this size. */
const upright = (facts: SourceFacts, size: { width: number; height: number }, engine: Engine): string[] => {
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

const colourOptions = ({ picture }: SourceFacts): Record<string, string> => {
  if (picture.hdr) return { colorspace: 'bt709', color_trc: 'bt709', color_primaries: 'bt709', color_range: 'tv' }
  const { space, transfer, primaries } = picture.colours
  return {
    color_range: 'tv',
    ...(space ? { colorspace: space } : {}),
    ...(transfer ? { color_trc: transfer } : {}),
    ...(primaries ? { color_primaries: primaries } : {}),
  }
}

const ENCODERS = { h264: 'libx264', av1: 'libsvtav1' } as const

const videoEncoder = (plan: Plan, { codec, effort, tune, crf, maxrateKbps }: PlannedRung): Record<string, string> => {
  const gop = String(plan.segmentFrames)
  const shared = { preset: effort, crf: String(crf), g: gop, threads: '1', ...colourOptions(plan.facts) }
  const cap = { maxrate: String(maxrateKbps * 1000), bufsize: String(maxrateKbps * 2000) }
  // Parallel by chunk, not by thread: 5 % less CPU, and the same bytes on every machine.
  if (codec === 'av1') return { ...shared, ...cap, 'svtav1-params': `keyint=${gop}:scd=0:lp=1:pin=0` }
  return { ...shared, ...cap, ...(tune === undefined ? {} : { tune }), keyint_min: gop, sc_threshold: '0' }
}

/** Which rungs of a chunk a piece makes: the lowest may come before the others. */
export type Share = 'all' | 'lowest' | 'others'

const rungsIn = ({ rungs }: Plan, share: Share): PlannedRung[] => (share === 'all' ? rungs : share === 'lowest' ? rungs.slice(-1) : rungs.slice(0, -1))

/** Each rung scaled from the one above, as far down as one is wanted; the pixels are the same whatever the share. */
const cascade = ({ rungs }: Plan, wanted: PlannedRung[], first: string): string => {
  const last = rungs.findLastIndex((rung) => wanted.includes(rung))
  const chain = rungs.slice(0, last + 1).map((rung, index) => {
    const how = index === 0 ? first : `[c${index - 1}]scale=${rung.width}:${rung.height}:flags=bicubic`
    const place = wanted.indexOf(rung)
    if (index === last) return `${how}[v${place}]`
    return place < 0 ? `${how}[c${index}]` : `${how},split=2[v${place}][c${index}]`
  })
  return chain.join(';')
}

/** CMAF-like segments: `temp_file` lets a name appear only when what it names is whole. */
const HLS = { hls_playlist_type: 'event', hls_segment_type: 'fmp4', hls_flags: 'independent_segments+temp_file', hls_fmp4_init_filename: 'init.mp4' }

const chunkOutput = (plan: Plan, wanted: PlannedRung[], chunk: number): TaskOutput => {
  const step = 1 / perSecond(plan.fps)
  return {
    path: '%v/index.m3u8',
    format: 'hls',
    options: {
      ...HLS,
      avoid_negative_ts: 'disabled',
      hls_time: (plan.segmentFrames * step - 0.5 * step).toFixed(6),
      // `frag_discont` puts the absolute time in `tfdt` and leaves every chunk's init.mp4 the same, byte for byte.
      hls_segment_options: 'movflags=+frag_discont+skip_sidx',
      start_number: String(chunk * SEGMENTS_A_CHUNK),
      var_stream_map: wanted.map((rung, index) => `v:${index},name:${rung.name}`).join(' '),
      hls_segment_filename: '%v/%05d.m4s',
    },
    streams: wanted.map((rung, index) => ({ label: `v${index}`, encoder: ENCODERS[rung.codec], options: videoEncoder(plan, rung) })),
  }
}

/** Rungs of one chunk in one pass: decoded once. */
export const chunkTask = (plan: Plan, source: string, { chunk, share, engine }: { chunk: number; share: Share; engine: Engine }): Task => {
  const { firstFrame, frames } = chunkSpan(plan, chunk)
  const from = firstFrame / perSecond(plan.fps)
  const [top] = plan.rungs
  const wanted = rungsIn(plan, share)
  if (!top || wanted.length === 0) throw new Error('A piece makes at least one rung.')
  const { stream, lastFrameSeconds } = plan.facts.picture
  const first = `[0:${stream}]${[...upright(plan.facts, top, engine), ...steady(plan.fps, from.toFixed(6), frames)].join(',')}`
  // A quarter of a second early, because containers index by decoding time, which runs ahead of showing time.
  const seekSeconds = Math.max(0, Math.min(from, lastFrameSeconds) - 0.25)
  return {
    input: { path: source, stream, ...(chunk > 0 ? { seekSeconds } : {}) },
    graph: cascade(plan, wanted, first),
    outputs: [chunkOutput(plan, wanted, chunk)],
    folders: wanted.map(({ name }) => name),
  }
}

/** The source's own streams cut at its key frames: the first that can be watched, made without decoding. */
export const previewTask = ({ segmentSeconds, facts }: Plan, source: string): CopyTask => ({
  from: source,
  streams: [facts.picture.stream, ...(facts.sound ? [facts.sound.stream] : [])],
  to: 'preview/index.m3u8',
  format: 'hls',
  options: {
    ...HLS,
    // It begins at zero, as the ladder that takes its place will.
    ...(facts.startSeconds === 0 ? {} : { output_ts_offset: (-facts.startSeconds).toFixed(6) }),
    hls_time: String(segmentSeconds),
    hls_segment_options: 'movflags=+skip_sidx',
    hls_segment_filename: 'preview/%05d.m4s',
  },
})

/** Seconds of silence FFmpeg's AAC encoder puts before the first sample: 1024 samples. */
const ENCODER_DELAY = 1024 / 48_000

/** Beyond eight channels none has a place of its own that FFmpeg could mix by: the first two are taken. */
const MOST_NAMED_CHANNELS = 8

/** The whole sound at once: AAC cut in chunks is not gapless. */
export const audioTask = (plan: Plan, source: string, stream: number): Task => {
  const { facts } = plan
  // Less what the encoder adds at the front, so that the sound ends with the picture.
  const length = Math.max(ENCODER_DELAY, plan.frames / perSecond(plan.fps) - ENCODER_DELAY).toFixed(6)
  const filters = [
    `asetpts=PTS-${facts.startSeconds.toFixed(6)}/TB`,
    ...((facts.sound?.channels ?? 0) > MOST_NAMED_CHANNELS ? ['pan=stereo|c0=c0|c1=c1'] : []),
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
          ...HLS,
          hls_time: String(plan.segmentSeconds),
          hls_segment_options: 'movflags=+cmaf+skip_sidx',
          hls_segment_filename: 'audio/%05d.m4s',
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
