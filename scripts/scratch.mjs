import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { access, chmod, mkdtemp, readdir, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Where Linux keeps files in memory. */
const MEMORY = '/dev/shm'
/** Of it and of the machine: films and databases of some journeys at once take some hundred megabytes, browsers and encoders more. */
const LEAST_BYTES = 8 * 1024 ** 3
const NAME = 'lectern-tests-'

/** Some systems give memory as a small folder, or one that runs no programs; tests write programs of a few lines. @param {string} folder */
const isUsable = async (folder) => {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < LEAST_BYTES || process.availableMemory() < LEAST_BYTES) return false
  const program = join(folder, 'program')
  await writeFile(program, '#!/bin/sh\nexit 0\n')
  await chmod(program, 0o755)
  await promisify(execFile)(program)
  await rm(program)
  return true
}

/** @param {number} pid */
const isRunning = (pid) => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Somebody else's program runs as well.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/** Removes what runs have left that were killed; memory is not given back by a restart of the shell. @param {string} memory */
const sweep = async (memory) => {
  const left = (await readdir(memory)).filter((name) => name.startsWith(NAME) && !isRunning(Number.parseInt(name.slice(NAME.length), 10)))
  await Promise.all(left.map((name) => rm(join(memory, name), { recursive: true, force: true })))
}

/** @param {string} folder */
const made = (folder) => mkdtemp(join(folder, `${NAME}${process.pid}-`))

/** @param {string} memory */
const inMemory = async (memory) => {
  const isThere = await access(memory).then(
    () => true,
    () => false,
  )
  if (!isThere) return undefined
  await sweep(memory)
  const folder = await made(memory).catch(() => undefined)
  if (folder === undefined || (await isUsable(folder).catch(() => false))) return folder
  await rm(folder, { recursive: true, force: true })
  return undefined
}

/**
 * A folder for everything that one run of tests writes, until the program ends. Schools ask the disk to keep each commit, and tests make
 * thousands: they would wait for it half their time. It lies in memory where the machine has plenty; programs that are killed lose
 * nothing there either.
 */
export const scratch = async (memory = MEMORY) => {
  const folder = (await inMemory(memory)) ?? (await made(tmpdir()))
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  process.once('exit', remove)
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => process.exit(130))
  // Each system has a name of its own for it, and programs are given no more than they know.
  /** @type {Record<string, string>} */
  const env = process.platform === 'win32' ? { TEMP: folder, TMP: folder } : { TMPDIR: folder }
  return { folder, env, remove }
}
