import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type BenchOptions, type Entry, row } from '../rows.ts'
import { best, isCounting, NOT_COUNTING, type Usage } from '../usage.ts'
import { bestSingle, type Film, onePerRung, SIX_RUNGS, singleThreaded } from './commands.ts'
import { transcodeOnce } from './contest.ts'
import { type Ffmpeg, measured } from './ffmpeg.ts'
import { type Rung, standardRungs } from './ours.ts'

/** One way of making a ladder; `run` leaves what it made in `folder`. */
type Contestant = { name: string; folder: string; run(): Promise<Usage> }
type Contest = { film: Film; scratch: string; encoders: number; options: BenchOptions }
export type Ladders = { ours: string; bytes: Record<string, number>; single?: string }

const YARDSTICKS = [
  { key: 'single', yardstick: 'best single ffmpeg command', rungs: standardRungs, commands: bestSingle, goal: 1.08 },
  { key: 'per-rung', yardstick: 'one ffmpeg process per rung', rungs: standardRungs, commands: onePerRung, goal: 0.75 },
  { key: 'six', yardstick: 'six single-threaded processes in turn', rungs: SIX_RUNGS, commands: singleThreaded, goal: 0.5 },
] as const

const emptied = async (folder: string): Promise<string> => {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  return folder
}

const oursOf = (
  { film, scratch, encoders, options }: Contest,
  name: string,
  rungs: readonly Rung[],
  keep: (bytes: Record<string, number>) => void,
): Contestant => {
  const folder = join(scratch, name)
  return {
    name,
    folder,
    async run() {
      await emptied(folder)
      const { bytes, parts: _, ...usage } = await transcodeOnce({ home: folder, source: film.path, rungs, encoders }, options.say)
      keep(bytes)
      return usage
    },
  }
}

const spent = ({ wallSeconds, cpuSeconds, peakMb }: Usage): string =>
  [
    `${wallSeconds.toFixed(1)} s`,
    ...(cpuSeconds === undefined ? [] : [`${cpuSeconds.toFixed(1)} CPU-s`]),
    ...(peakMb === undefined ? [] : [`${Math.round(peakMb)} MB`]),
  ].join(', ')

/** In turn, again and again, so that what else the machine does falls on all of them alike. */
const compete = async (contestants: readonly Contestant[], { runs, say }: BenchOptions): Promise<Map<string, Usage>> => {
  const all = new Map<string, Usage[]>(contestants.map(({ name }) => [name, []]))
  for (let run = 1; run <= runs; run += 1) {
    for (const { name, run: once } of contestants) {
      const usage = await once()
      all.get(name)?.push(usage)
      say(`${run}/${runs} ${name.padEnd(12)} ${spent(usage)}`)
    }
  }
  return new Map([...all].map(([name, usages]) => [name, best(usages)]))
}

/** `video.cpu` and `video.wall` beside the single command, `video.per-rung.cpu` and so on beside the others. */
const compare = (key: string, yardstick: string, goal: number, [ours, theirs]: [Usage, Usage]): Entry[] => {
  const prefix = key === 'single' ? 'video' : `video.${key}`
  const cpu = (): Entry => {
    const both = { name: `${prefix}.cpu`, yardstick }
    if (ours.cpuSeconds === undefined || theirs.cpuSeconds === undefined) return { ...both, skipped: NOT_COUNTING }
    return row({ ...both, unit: 'CPU s', ours: ours.cpuSeconds, theirs: theirs.cpuSeconds, goal })
  }
  const memory = (): Entry => {
    const both = { name: `${prefix}.memory`, yardstick }
    if (ours.peakMb === undefined || theirs.peakMb === undefined) return { ...both, skipped: NOT_COUNTING }
    return row({ ...both, unit: 'MB', ours: Math.round(ours.peakMb), theirs: Math.round(theirs.peakMb) })
  }
  return [cpu(), row({ name: `${prefix}.wall`, unit: 's', yardstick, ours: ours.wallSeconds, theirs: theirs.wallSeconds, goal }), memory()]
}

/** What a ladder costs us, beside what it costs others. */
export const costs = async (contest: Contest, ffmpeg: Ffmpeg | { skip: string }): Promise<{ entries: Entry[]; ladders: Ladders }> => {
  const { film, scratch, options } = contest
  let bytes: Record<string, number> = {}
  const four = oursOf(contest, 'ours', standardRungs, (made) => {
    bytes = made
  })
  const six = oursOf(contest, 'ours six', SIX_RUNGS, () => {})
  const theirs = (key: string, commands: string[][], program: Ffmpeg): Contestant => {
    const folder = join(scratch, key)
    return { name: key, folder, run: async () => measured(program, commands, await emptied(folder)) }
  }
  const others = 'skip' in ffmpeg ? [] : YARDSTICKS.map(({ key, commands, rungs }) => theirs(key, commands(film, rungs), ffmpeg))
  const [single, perRung, sixOthers] = others
  const order = [four, single, perRung, six, sixOthers].filter((one) => one !== undefined)
  const usages = await compete('skip' in ffmpeg ? [four] : order, options)
  const entries = YARDSTICKS.flatMap(({ key, yardstick, goal, rungs }): Entry[] => {
    const [mine, other] = [usages.get(rungs === SIX_RUNGS ? six.name : four.name), usages.get(key)]
    if (mine && other) return compare(key, yardstick, goal, [mine, other])
    return [{ name: `video.${key}`, yardstick, skipped: 'skip' in ffmpeg ? ffmpeg.skip : 'it did not run' }]
  })
  if (!isCounting) options.say(NOT_COUNTING)
  return { entries, ladders: { ours: four.folder, bytes, ...(single && { single: single.folder }) } }
}

/** The bytes of each folder's segments, under its name. */
export const bytesBelow = async (folder: string): Promise<Record<string, number>> => {
  const tracks = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  const sized = tracks.map(async ({ name }) => {
    const files = (await readdir(join(folder, name))).filter((file) => /\.(m4s|mp4)$/.test(file))
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, name, file))).size))
    return [name, sizes.reduce((sum, size) => sum + size, 0)] as const
  })
  return Object.fromEntries(await Promise.all(sized))
}
