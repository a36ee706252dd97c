import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm, rmdir, statfs, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A disk of its own, small and in memory. */
export type Disk = {
  path: string
  freeBytes(): Promise<number>
  /** Fills it, but for so many bytes. */
  fill(butBytes?: number): Promise<void>
  /** Takes away what filled it. */
  clear(): Promise<void>
  /** Takes no more writing from now on. */
  seal(): Promise<void>
  remove(): Promise<void>
}

const zeroes = function* (): Generator<Buffer> {
  const piece = Buffer.alloc(1024 ** 2)
  for (;;) yield piece
}

const ONLY_ROOT = 'whoever runs the tests may mount no disk (root may)'

/**
 * Mounts a disk of so many megabytes; most systems let nobody but root do so.
 * @returns why there is none, where there is none
 */
export const smallDisk = async (megabytes: number): Promise<Disk | { skip: string }> => {
  if (process.platform !== 'linux') return { skip: 'disks are mounted on Linux alone' }
  if (process.availableMemory() < 2 * megabytes * 1024 ** 2) return { skip: `there are no ${2 * megabytes} MB of memory for a disk` }
  const path = await mkdtemp(join(tmpdir(), 'lectern-disk-'))
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'lectern-test', path])
  } catch {
    await rmdir(path)
    return { skip: ONLY_ROOT }
  }
  const ballast = join(path, 'ballast')
  const freeBytes = async (): Promise<number> => {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  }
  return {
    path,
    freeBytes,
    async fill(butBytes = 0) {
      await run('fallocate', ['-l', String((await freeBytes()) - butBytes), ballast]).catch(() => undefined)
      // Whatever others have given back meanwhile.
      if (butBytes === 0) await pipeline(zeroes(), createWriteStream(join(path, 'rest'))).catch(() => undefined)
    },
    async clear() {
      for (const name of ['ballast', 'rest']) await truncate(join(path, name)).catch(() => undefined)
    },
    seal: async () => void (await run('mount', ['-o', 'remount,ro', path])),
    async remove() {
      await run('umount', ['-l', path])
      await rm(path, { recursive: true, force: true })
    },
  }
}

/** A disk that breaks: from then on its file system takes no writing, as Linux has it, until somebody has mended it. */
export type BreakingDisk = { path: string; break(): Promise<void>; mend(): Promise<void>; remove(): Promise<void> }

/** ext4 in a file of so many megabytes. @returns why there is none, where there is none */
export const breakingDisk = async (megabytes: number): Promise<BreakingDisk | { skip: string }> => {
  if (process.platform !== 'linux') return { skip: 'disks are mounted on Linux alone' }
  const folder = await mkdtemp(join(tmpdir(), 'lectern-disk-'))
  const [image, path] = [join(folder, 'disk.ext4'), join(folder, 'mounted')]
  const mount = async (): Promise<void> => void (await run('mount', ['-o', 'loop', image, path]))
  try {
    await mkdir(path)
    await writeFile(image, '')
    await truncate(image, megabytes * 1024 ** 2)
    await run('mkfs.ext4', ['-q', image])
    await mount()
  } catch {
    await rm(folder, { recursive: true })
    return { skip: ONLY_ROOT }
  }
  return {
    path,
    // Whoever has files open is asked nothing, unlike by `remount,ro` (man 5 ext4).
    break: async () => void (await run('mount', ['-o', 'remount,abort', path])),
    async mend() {
      await run('umount', [path])
      // It says with 1 that it has mended something.
      await run('e2fsck', ['-fy', image]).catch((error: { code?: unknown }) => assert.equal(error.code, 1))
      await mount()
    },
    async remove() {
      await run('umount', ['-l', path])
      await rm(folder, { recursive: true, force: true })
    },
  }
}
