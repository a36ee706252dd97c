import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import type { Ran } from '#ports/tasks.laws.ts'

export const PROGRAM = join(import.meta.dirname, 'program.fixture.ts')

const Line = z.object({ name: z.string(), run: z.string(), pid: z.number() })
const LOOK_MS = 20

/** Waits until something is so, a busy machine's minute at most. */
export const until = async (isSo: () => Promise<boolean> | boolean, says: string): Promise<void> => {
  for (let looks = 0; !(await isSo()); looks += 1) {
    if (looks * LOOK_MS > 60_000) throw new Error(`It never came to be: ${says}`)
    await pause(LOOK_MS)
  }
}

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** What the programs of a folder have written of themselves. */
export const programsIn = (folder: string) => {
  const linesOf = async (name: string): Promise<string[]> => {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '')
    return text.split('\n').filter((line) => line !== '')
  }
  const begun = async () => (await linesOf('ran')).map((line) => Line.parse(JSON.parse(line)))
  return {
    begun,
    ran: async (): Promise<Ran[]> => (await begun()).map(({ name, run }) => ({ name, run })),
    ended: () => linesOf('ended'),
    /** Lets a program go that waits. */
    release: (run: string) => writeFile(join(folder, `go-${run}`), ''),
    /** When none of them is left. */
    gone: () => until(async () => (await begun()).every(({ pid }) => !isThere(pid)), 'every program has ended'),
    environment: async (): Promise<Record<string, string>> =>
      z.record(z.string(), z.string()).parse(JSON.parse(await readFile(join(folder, 'environment.json'), 'utf8'))),
  }
}
