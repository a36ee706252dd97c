import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'

/** What a piece of work cost. CPU and memory are undefined on systems without /proc. */
export type Usage = { wallSeconds: number; cpuSeconds?: number; peakMb?: number }

export const isCounting = process.platform === 'linux'
export const NOT_COUNTING = 'CPU seconds and memory are read from /proc, which only Linux has'

/** proc(5) counts in clock ticks; Linux shows 100 a second to programs on every architecture. */
const TICKS_A_SECOND = 100

/** The fields after the program's name, which may hold spaces and brackets itself. */
const fieldsOf = (stat: string): number[] =>
  stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)

const PARENT = 1
const TIMES = { own: [11, 12], children: [13, 14] } as const

/** User and system seconds of this process, and of those of its descendants that have ended and been waited for. */
export const cpuSoFar = (): { own: number; children: number } => {
  if (!isCounting) return { own: 0, children: 0 }
  const fields = fieldsOf(readFileSync('/proc/self/stat', 'utf8'))
  const seconds = (which: readonly number[]): number => which.reduce((sum, index) => sum + (fields[index] ?? 0), 0) / TICKS_A_SECOND
  return { own: seconds(TIMES.own), children: seconds(TIMES.children) }
}

/** User and system seconds of another process, all its threads together. */
export const cpuOf = (pid: number): number => {
  const fields = fieldsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  return TIMES.own.reduce((sum, index) => sum + (fields[index] ?? 0), 0) / TICKS_A_SECOND
}

/** Absent where the process has ended meanwhile. */
const readOf = (pid: string, file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')

const familyOf = async (root: number): Promise<string[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const parents = new Map(await Promise.all(pids.map(async (pid) => [pid, String(fieldsOf(await readOf(pid, 'stat'))[PARENT])] as const)))
  const isBelow = (pid: string, depth = 0): boolean => {
    const parent = parents.get(pid)
    return pid === String(root) || (parent !== undefined && depth < 20 && isBelow(parent, depth + 1))
  }
  return pids.filter((pid) => isBelow(pid))
}

const residentMb = async (pid: string): Promise<number> => Number(/^VmRSS:\s+(\d+) kB/m.exec(await readOf(pid, 'status'))?.[1] ?? 0) / 1024

/** Watches the resident memory of a process and all below it, summed; pages that two of them share count twice. */
export const watchMemory = (pid: number): { stop(): Promise<number | undefined> } => {
  if (!isCounting) return { stop: async () => undefined }
  let peak = 0
  let isOver = false
  const look = async (): Promise<void> => {
    while (!isOver) {
      const sizes = await Promise.all((await familyOf(pid)).map(residentMb))
      peak = Math.max(
        peak,
        sizes.reduce((sum, size) => sum + size, 0),
      )
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  const looking = look()
  return {
    async stop() {
      isOver = true
      await looking
      return peak
    },
  }
}

const least = (values: (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}

/** The best of several runs, each figure by itself: what disturbs a run only ever adds. */
export const best = (runs: readonly Usage[]): Usage => {
  const cpuSeconds = least(runs.map((run) => run.cpuSeconds))
  const peakMb = least(runs.map((run) => run.peakMb))
  return {
    wallSeconds: Math.min(...runs.map((run) => run.wallSeconds)),
    ...(cpuSeconds !== undefined && { cpuSeconds }),
    ...(peakMb !== undefined && { peakMb }),
  }
}
