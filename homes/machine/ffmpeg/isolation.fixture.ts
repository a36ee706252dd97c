import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addressTo, aliasTo, elsewhere } from './awkward-boxes.fixture.ts'
import { playlistsTo } from './awkward-disguises.fixture.ts'
import { card, film, h264 } from './awkward-film.fixture.ts'
import { type Order, work } from './work.ts'

/** A file that names places it has no business with. */
export type Trap = { name: string; path: string }

/** Where names such a file would be read by, if nothing but its own name spoke against it. */
const ENDINGS: [RegExp, string][] = [
  [/HLS/, 'm3u8'],
  [/DASH/, 'mpd'],
  [/concat/, 'ffconcat'],
  [/session/, 'sdp'],
  [/SVG/, 'svg'],
  [/film/, 'mov'],
]

/** Writes, into a folder, every kind of file that names one of these places. */
export const setTraps = async (folder: string, places: readonly string[]): Promise<Trap[]> => {
  const plain = await film({ graph: card({ seconds: 0.4 }), streams: [h264()] })
  const traps: Trap[] = []
  for (const [index, place] of places.entries()) {
    const films = { 'a film by address': elsewhere(plain, addressTo(place)), 'a film by alias': elsewhere(plain, aliasTo(place)) }
    const texts = Object.entries(playlistsTo(place)).map(([name, text]) => [name, Buffer.from(text, 'latin1')] as const)
    for (const [name, bytes] of [...texts, ...Object.entries(films)]) {
      const ending = ENDINGS.find(([pattern]) => pattern.test(name))?.[1] ?? 'mp4'
      const path = join(folder, `${name.replaceAll(' ', '-')}-${index}.${ending}`)
      await mkdir(folder, { recursive: true })
      await writeFile(path, bytes)
      traps.push({ name: `${name} of ${place}`, path })
    }
  }
  return traps
}

export const probing = (source: string): Order => ({ kind: 'probe', source })
const copying = (source: string): Order => ({ kind: 'copy', task: { from: source, streams: [0], to: 'copy.mkv', format: 'matroska', options: {} } })
const decoding = (source: string): Order => ({
  kind: 'run',
  task: {
    input: { path: source, stream: 0 },
    graph: '[0:0]scale=32:18,format=yuv420p[v0]',
    outputs: [{ path: 'out.mkv', format: 'matroska', options: {}, streams: [h264()] }],
    folders: [],
  },
})

/** What became of one order for one file. */
export type Sprung = { source: string; kind: string; ended: string }

/** Has every file looked at and, as if that had gone well, decoded and copied, in one folder and two at a time. */
export const spring = async (sources: readonly string[], folder: string, ffmpegPath?: string): Promise<Sprung[]> => {
  await mkdir(folder, { recursive: true })
  const waiting = sources.flatMap((source) => [probing, decoding, copying].map((asked) => ({ source, order: asked(source) })))
  const sprung: Sprung[] = []
  const carry = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { source, order } = next
      const { kind: ended } = await work({ ...order, ...(ffmpegPath === undefined ? {} : { ffmpegPath }) }, { folder, limits: { seconds: 20 } })
      sprung.push({ source, kind: order.kind, ended })
    }
  }
  await Promise.all([carry(), carry()])
  return sprung
}

// As a program, so that all it starts can be watched from outside: carries out the orders for the files a list names, and writes what became of them.
if (import.meta.main) {
  const [list = '', folder = '', ffmpegPath] = process.argv.slice(2)
  const sources = (await readFile(list, 'utf8')).split('\n').filter(Boolean)
  process.stdout.write(JSON.stringify(await spring(sources, folder, ffmpegPath)))
}
