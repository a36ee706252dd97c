import { type BenchOptions, type Entry, row } from '../rows.ts'
import { cpuSoFar, isCounting, NOT_COUNTING } from '../usage.ts'
import { transcodeOnce } from './contest.ts'
import { idleWorker, standardRungs } from './ours.ts'

const IDLE_WORKERS = 5

/** Where our CPU seconds go, by the kind of worker; one at a time, so that each can be told from the others. */
export const profile = async (home: string, source: string, { say }: BenchOptions): Promise<Entry[]> => {
  const yardstick = 'all of ours'
  if (!isCounting) return [{ name: 'video.profile', yardstick, skipped: NOT_COUNTING }]
  const { parts, cpuSeconds = 0 } = await transcodeOnce({ home, source, rungs: standardRungs, encoders: 1 }, say)
  const before = cpuSoFar().children
  for (let started = 0; started < IDLE_WORKERS; started += 1) await idleWorker(home)
  const idle = (cpuSoFar().children - before) / IDLE_WORKERS
  const of = (name: string, ours: number): Entry => row({ name: `video.profile.${name}`, unit: 'CPU s', yardstick, ours, theirs: cpuSeconds })
  return [...Object.entries(parts).flatMap(([name, seconds]) => (seconds > 0 ? [of(name, seconds)] : [])), of('one worker’s start', idle)]
}
