import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Another thread may be making a file in it at this moment. */
const GONE = { recursive: true, force: true, maxRetries: 5 } as const

/**
 * Does what needs a folder of its own, which goes with it: when it is done, when it fails, and when the process is told to end (Ctrl+C, SIGTERM, a line that is cut),
 * as it then does. What is renamed meanwhile stays.
 */
export const withScratch = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
  const ended = (signal: NodeJS.Signals): void => {
    rmSync(folder, GONE)
    for (const each of SIGNALS) process.off(each, ended)
    process.kill(process.pid, signal)
  }
  for (const signal of SIGNALS) process.on(signal, ended)
  try {
    return await work()
  } finally {
    for (const signal of SIGNALS) process.off(signal, ended)
    await rm(folder, GONE)
  }
}
