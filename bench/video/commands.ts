import type { Rung } from './ours.ts'

/** The yardsticks, as what follows `ffmpeg` on a command line; they write below the folder they run in. */
export type Film = { path: string; fps: number }

const pairs = (options: Record<string, string | number>, suffix = ''): string[] =>
  Object.entries(options).flatMap(([name, value]) => [`-${name}${suffix}`, String(value)])

const hls = (seconds: number): Record<string, string | number> => ({ f: 'hls', hls_time: seconds, hls_playlist_type: 'vod', hls_segment_type: 'fmp4' })

const SEGMENT_SECONDS = 4
const PACKAGING = { ...hls(SEGMENT_SECONDS), hls_flags: 'independent_segments' }
const SOUND = ['-c:a', 'aac', '-b:a', '128k', '-ac', '2']

const encoder = (rung: Rung, fps: number): Record<string, string | number> => ({
  ...{ c: 'libx264', preset: 'veryfast', tune: 'animation', crf: rung.crf, maxrate: `${rung.maxrateKbps}k`, bufsize: `${rung.maxrateKbps * 2}k` },
  ...{ g: SEGMENT_SECONDS * fps, keyint_min: SEGMENT_SECONDS * fps, sc_threshold: 0 },
})

const scale = (rung: Rung): string => `scale=-2:${rung.shortSide}:flags=bicubic`

/** Decoded once, each rung scaled from the one above, threads as FFmpeg likes, the sound once. */
export const bestSingle = (film: Film, rungs: readonly Rung[]): string[][] => {
  const last = rungs.length - 1
  const chain = rungs.map((rung, index) => {
    const how = `${index === 0 ? '[0:v]' : `[c${index - 1}]`}${scale(rung)}`
    return index === last ? `${how}[v${index}]` : `${how},split=2[v${index}][c${index}]`
  })
  return [
    [
      ...['-i', film.path, '-filter_complex', chain.join(';')],
      ...rungs.flatMap((_, index) => ['-map', `[v${index}]`]),
      ...['-map', '0:a'],
      ...rungs.flatMap((rung, index) => pairs(encoder(rung, film.fps), `:v:${index}`)),
      ...SOUND,
      ...pairs({ ...PACKAGING, var_stream_map: [...rungs.map(({ name }, index) => `v:${index},name:${name}`), 'a:0,name:audio'].join(' ') }),
      ...['-hls_segment_filename', '%v/%05d.m4s', '%v/index.m3u8'],
    ],
  ]
}

/** The same settings, but each rung is a process that decodes again and carries the sound itself. */
export const onePerRung = (film: Film, rungs: readonly Rung[]): string[][] =>
  rungs.map((rung) => [
    ...['-i', film.path, '-map', '0:v', '-map', '0:a', '-vf', scale(rung), ...pairs(encoder(rung, film.fps), ':v'), ...SOUND],
    ...pairs(PACKAGING),
    ...['-hls_segment_filename', `${rung.name}-%05d.m4s`, '-hls_fmp4_init_filename', `${rung.name}-init.mp4`, `${rung.name}.m3u8`],
  ])

/** As the best-known peer makes its ladder: a single-threaded encoder a rung, key frames every 2 s, the sound in each. */
export const singleThreaded = (film: Film, rungs: readonly Rung[]): string[][] =>
  rungs.map((rung) => [
    ...['-i', film.path, '-map', '0:v', '-map', '0:a', '-vf', scale(rung), '-threads', '1'],
    ...pairs({ c: 'libx264', preset: 'veryfast', maxrate: `${rung.maxrateKbps}k`, bufsize: `${rung.maxrateKbps * 2}k`, bf: 16, b_strategy: 1 }, ':v'),
    ...['-g:v', String(2 * film.fps), ...SOUND],
    ...pairs({ ...hls(SEGMENT_SECONDS), hls_flags: 'single_file' }),
    ...['-hls_segment_filename', `${rung.name}.mp4`, `${rung.name}.m3u8`],
  ])

/** What that peer makes of a 1080p30 film; it names no constant quality, so that x264's own holds. */
export const SIX_RUNGS: readonly Rung[] = [
  { name: '1080p', shortSide: 1080, crf: 23, maxrateKbps: 6200 },
  { name: '720p', shortSide: 720, crf: 23, maxrateKbps: 3000 },
  { name: '480p', shortSide: 480, crf: 23, maxrateKbps: 1500 },
  { name: '360p', shortSide: 360, crf: 23, maxrateKbps: 1000 },
  { name: '240p', shortSide: 240, crf: 23, maxrateKbps: 520 },
  { name: '144p', shortSide: 144, crf: 23, maxrateKbps: 210 },
]
