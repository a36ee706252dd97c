import { join } from 'node:path'
import { type Entry, row } from '../rows.ts'
import type { Film } from './commands.ts'
import { bytesBelow, type Ladders } from './cost.ts'
import { type Ffmpeg, tell } from './ffmpeg.ts'
import { standardRungs } from './ours.ts'

const SECONDS = 20

/** SSIM of a rendition against the source, both from their first frame on. */
const ssim = async (ffmpeg: Ffmpeg, rendition: string, film: Film, folder: string): Promise<number> => {
  const inputs = ['-t', String(SECONDS), '-i', rendition, '-t', String(SECONDS), '-i', film.path]
  const graph = '[0:v]setpts=PTS-STARTPTS[a];[1:v]setpts=PTS-STARTPTS[b];[a][b]ssim'
  const said = await tell(ffmpeg, [...inputs, '-lavfi', graph, '-f', 'null', '-'], folder)
  const all = Number(/SSIM .*All:([\d.]+)/.exec(said)?.[1])
  if (!(all > 0)) throw new Error(`ffmpeg told no SSIM. ${said}`)
  return all
}

/** Whether speed was bought with bytes or with looks: both beside the single command, which has the same settings. */
export const parity = async ({ ours, bytes, single }: Ladders, film: Film, ffmpeg: Ffmpeg | { skip: string }): Promise<Entry[]> => {
  const yardstick = 'best single ffmpeg command'
  if ('skip' in ffmpeg) return [{ name: 'video.bytes', yardstick, skipped: ffmpeg.skip }]
  if (single === undefined) return [{ name: 'video.bytes', yardstick, skipped: 'it did not run' }]
  const others = await bytesBelow(single)
  const sizes = [...standardRungs.map(({ name }) => name), 'audio'].map((name) =>
    row({ name: `video.bytes.${name}`, unit: 'bytes', yardstick, ours: bytes[name] ?? 0, theirs: others[name] ?? 0, goal: 1.05 }),
  )
  const top = standardRungs[0]?.name ?? ''
  const both = { name: `video.distortion.${top}`, yardstick }
  if (!/\bssim\b/.test(ffmpeg.filters)) return [...sizes, { ...both, skipped: 'this ffmpeg has no ssim filter' }]
  const mine = await ssim(ffmpeg, join(ours, 'top.mp4'), film, single)
  const other = await ssim(ffmpeg, join(single, top, 'index.m3u8'), film, single)
  return [...sizes, row({ ...both, unit: '1 - SSIM', ours: 1 - mine, theirs: 1 - other, goal: 1.05 })]
}
