import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TaskOutput } from './task.ts'
import { work } from './work.ts'

/** How a film ends that can be used: the codes of its verdict's notes, and what is made of it. */
export type Ready = { notes: string; seconds: number; size: string; sound?: true }
/** `readyByCli`: where an `ffmpeg` of the machine cannot do the same; why is said there. */
export type Usable = { make: () => Promise<Buffer>; ready: Ready; readyByCli?: Ready }

type Stream = TaskOutput['streams'][number]
type Options = Record<string, string>

/** A film as FFmpeg is told to make it: the graph's ends are its streams. */
export type Film = { graph: string; streams: Stream[]; format?: string; options?: Options }

/** A test card that moves; its end is `v0` unless said otherwise. */
export const card = ({ size = '160x90', fps = '25', seconds = 2, filters = '', pixels = 'yuv420p', label = 'v0' } = {}): string =>
  `testsrc2=s=${size}:r=${fps}:d=${seconds}${filters && `,${filters}`},format=${pixels}[${label}]`

export const tone = ({ seconds = 2, rate = 48_000, channels = 'mono', samples = 'fltp', filters = '', label = 'a0', frame = 1024 } = {}): string =>
  `sine=f=440:r=${rate}:d=${seconds}${filters && `,${filters}`},aformat=sample_fmts=${samples}:channel_layouts=${channels},asetnsamples=n=${frame}:p=0[${label}]`

export const h264 = (options: Options = {}, label = 'v0'): Stream => ({
  ...{ label, encoder: 'libx264' },
  options: { preset: 'ultrafast', g: '25', crf: '30', ...options },
})
export const aac = (label = 'a0'): Stream => ({ label, encoder: 'aac', options: { b: '48k' } })
export const coded = (encoder: string, options: Options = {}, label = encoder.startsWith('pcm') ? 'a0' : 'v0'): Stream => ({ label, encoder, options })

const make = async ({ graph, streams, format = 'mp4', options = {} }: Film): Promise<Buffer> => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-awkward-'))
  const outputs = [{ path: 'film', format, options, streams }]
  try {
    const outcome = await work({ kind: 'run', task: { graph, outputs, folders: [] } }, { folder, limits: { seconds: 120 } })
    if (outcome.kind !== 'done') throw new Error(`The film could not be made: ${JSON.stringify(outcome)}`)
    return await readFile(join(folder, 'film'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const made = new Map<string, Promise<Buffer>>()

/** The same film is made once for all tests of a process. */
export const film = (of: Film): Promise<Buffer> => {
  const key = JSON.stringify(of)
  const known = made.get(key) ?? make(of)
  made.set(key, known)
  return known
}

/** Two seconds of 160×90 in H.264, its index at the front. */
export const plain = (): Promise<Buffer> => film({ graph: card(), streams: [h264()], options: { movflags: '+faststart' } })

/** The same with a tone, as most uploads are. */
export const sounding = (): Promise<Buffer> => film({ graph: `${card()};${tone()}`, streams: [h264(), aac()], options: { movflags: '+faststart' } })

/** Two streams of broadcast joined without being converted: the second says where it begins. */
export const joined = async (...films: Film[]): Promise<Buffer> =>
  Buffer.concat(await Promise.all(films.map((one) => film({ format: 'mpegts', ...one, options: { muxdelay: '0', muxpreload: '0', ...one.options } }))))

/** A film in Matroska whose header says it lasts so long (`Duration`, RFC 9559 §5.1.2.10). */
export const claiming = async (seconds: number): Promise<Buffer> => {
  const copy = Buffer.from(await film({ graph: `${card()};${tone()}`, streams: [h264(), aac()], format: 'matroska' }))
  copy.writeDoubleBE(seconds * 1000, copy.indexOf(Buffer.from('448988', 'hex')) + 3)
  return copy
}

/** A film with every so-manieth byte of its media overwritten. */
export const scratched = async (of: Film, every: number): Promise<Buffer> => {
  const copy = Buffer.from(await film(of))
  const from = copy.indexOf('mdat', 0, 'latin1') + 4
  const to = copy.readUInt32BE(from - 8) + from - 8
  for (let at = from + every; at < to; at += every) copy[at] = (copy[at] ?? 0) ^ 0x55
  return copy
}
