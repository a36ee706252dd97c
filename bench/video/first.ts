import { type BenchOptions, type Entry, row } from '../rows.ts'
import { isWatchable, openHost } from './contest.ts'
import { standardRungs } from './ours.ts'
import { hourOfH264, hourOfHevc } from './source.ts'

const SOURCES = [
  { name: 'video.watchable.h264', what: '60 minutes of H.264 and AAC', limitSeconds: 5, make: hourOfH264 },
  { name: 'video.watchable.hevc', what: '60 minutes of HEVC, to be encoded', limitSeconds: 15, make: hourOfHevc },
] as const

/** How long past its limit we still wait for it. */
const PATIENCE = 4

/** How long after the start of a job a viewer can begin to watch; the rest of the job is not waited for. */
export const firstWatchable = async (homeOf: (name: string) => Promise<string>, encoders: number, { isLong, runs, say }: BenchOptions): Promise<Entry[]> => {
  const entries: Entry[] = []
  for (const { name, what, limitSeconds, make } of SOURCES) {
    const yardstick = `limit for ${what}`
    if (!isLong) {
      entries.push({ name, yardstick, skipped: 'left out by --no-long' })
      continue
    }
    const source = await make()
    const waits: number[] = []
    for (let run = 1; run <= runs; run += 1) {
      const seconds = await waitFor({ home: await homeOf(`${name}-${run}`), source, encoders }, limitSeconds * PATIENCE)
      say(`${run}/${runs} ${name} ${seconds === undefined ? `not told in ${limitSeconds * PATIENCE} s` : `${seconds.toFixed(1)} s`}`)
      if (seconds === undefined) break
      waits.push(seconds)
    }
    if (waits.length > 0) entries.push(row({ name, unit: 's', yardstick, ours: Math.min(...waits), theirs: limitSeconds, goal: 1 }))
    else entries.push({ name, yardstick, skipped: `not told: no watchable news in ${limitSeconds * PATIENCE} s` })
  }
  return entries
}

const waitFor = async (request: { home: string; source: string; encoders: number }, patienceSeconds: number): Promise<number | undefined> => {
  const host = openHost({ ...request, rungs: standardRungs })
  let timer: NodeJS.Timeout | undefined
  const enough = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceSeconds * 1000)
  })
  try {
    return (await Promise.race([host.until(isWatchable), enough]))?.seconds
  } finally {
    clearTimeout(timer)
    await host.stop()
  }
}
