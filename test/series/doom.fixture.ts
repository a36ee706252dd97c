import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/*
 * A doom says at which point a process is to die, as in a power cut: it lies in the school's folder under the name of whom it is meant for, and
 * is taken away as it is carried out, so that the next life gets past that point.
 */

const fileOf = (data: string, whom: string): string => join(data, 'dooms', whom)

export const doomOf = (data: string, whom: string): string | undefined => {
  try {
    return readFileSync(fileOf(data, whom), 'utf8')
  } catch {
    // Nobody wants it dead.
    return undefined
  }
}

export const doom = (data: string, whom: string, point: string): void => {
  mkdirSync(join(data, 'dooms'), { recursive: true })
  writeFileSync(fileOf(data, whom), point)
}

/** Ends this process without a word, if this is the point. */
export const dieAt = (data: string, whom: string, point: string): void => {
  if (doomOf(data, whom) !== point) return
  rmSync(fileOf(data, whom))
  process.kill(process.pid, 'SIGKILL')
}
