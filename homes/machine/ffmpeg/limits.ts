import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../error-code.ts'

/** What a worker may use of this machine. */
export type Limits = {
  /** By the wall clock, from start to end. */
  seconds: number
  /** In its folder, all files together. */
  bytes: number
  /** Between two signs of life. */
  silentSeconds: number
  memoryBytes: number
}

export const USUAL: Limits = { seconds: 1800, bytes: 64 * 1024 ** 2, silentSeconds: 180, memoryBytes: 2 * 1024 ** 3 }

const LOOK_EVERY_MS = 2000
const PAGE_BYTES = 4096

const unlessGone = async <T>(read: Promise<T>, otherwise: T): Promise<T> => {
  try {
    return await read
  } catch (error) {
    // Files come and go while they are counted, and processes too.
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES')) return otherwise
    throw error
  }
}

const bytesIn = async (folder: string): Promise<number> => {
  const entries = await unlessGone(readdir(folder, { withFileTypes: true, recursive: true }), [])
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    files.map((file) =>
      unlessGone(
        stat(join(file.parentPath, file.name)).then(({ size }) => size),
        0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Resident memory of a process and of those it started, where Linux tells; elsewhere nothing is known, and 0. */
const memoryOf = async (pid: number): Promise<number> => {
  if (process.platform !== 'linux') return 0
  const pages = Number((await unlessGone(readFile(`/proc/${pid}/statm`, 'utf8'), '')).split(' ')[1] ?? 0)
  const children = (await unlessGone(readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'), '')).trim().split(' ').filter(Boolean)
  const below = await Promise.all(children.map((child) => memoryOf(Number(child))))
  return below.reduce((sum, bytes) => sum + bytes, pages * PAGE_BYTES)
}

export type Breach = { kind: 'slow' | 'silent' | 'heavy'; says: string }

/** Watches a worker and calls `onBreach` once when it passes a limit. */
export const watchLimits = ({ pid, folder, limits, onBreach }: { pid: number; folder: string; limits: Limits; onBreach(breach: Breach): void }) => {
  let isOver = false
  const breach = (kind: Breach['kind'], says: string): void => {
    if (isOver) return
    stop()
    onBreach({ kind, says })
  }
  const look = async (): Promise<void> => {
    const [memory, bytes] = await Promise.all([memoryOf(pid), bytesIn(folder)])
    if (memory > limits.memoryBytes) breach('heavy', `It took ${Math.round(memory / 1024 ** 2)} MB of memory.`)
    if (bytes > limits.bytes) breach('heavy', `It wrote ${Math.round(bytes / 1024 ** 2)} MB.`)
  }
  const watchdog = setTimeout(() => breach('slow', `It took longer than ${limits.seconds} s.`), limits.seconds * 1000)
  const silence = setTimeout(() => breach('silent', `There was no sign of life for ${limits.silentSeconds} s.`), limits.silentSeconds * 1000)
  // What cannot be read now is read the next time.
  const looking = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS)
  const stop = (): void => {
    isOver = true
    clearTimeout(watchdog)
    clearTimeout(silence)
    clearInterval(looking)
  }
  return { beat: () => void silence.refresh(), stop }
}
