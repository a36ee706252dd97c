import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { rename, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { hasCode } from '../error-code.ts'
import { isScratch, SCRATCH } from '../scratch-names.ts'
import { BackupTrouble } from './trouble.ts'

/*
 * Where a restore puts a school together, until all of it has been compared:
 *
 *   lease.sqlite   locked by whoever is at it
 *   school/        the school
 *   moved.json     what is moved up from there, written before any of it is: inside the folder alone
 */

/** In the folder itself where that is there, for it may be a disk of its own, in a place where nothing else can be made. */
export const makingInside = (to: string): string => join(to, SCRATCH.restore)
export const makingBeside = (to: string): string => `${resolve(to)}${SCRATCH.restore}`
export const makingFolder = (to: string): string => (existsSync(to) ? makingInside(to) : makingBeside(to))

export const schoolIn = (making: string): string => join(making, 'school')
const movedPath = (to: string): string => join(makingInside(to), 'moved.json')

/** Looked for by whatever opens a school. */
const SCHOOL_FILE = 'school.sqlite'

/** What a file system has in its topmost folder by itself. */
const LOST_AND_FOUND = 'lost+found'

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

/** Whether a restore is at work in a data folder, or was ended there before it had a school. */
export const isHalfRestored = (data: string): boolean => existsSync(makingInside(data)) && !existsSync(join(data, SCHOOL_FILE))

/** What a restore had moved up when it was killed before all of it was. */
const halfMoved = (to: string): string[] => {
  if (!isHalfRestored(to) || !existsSync(movedPath(to))) return []
  const [there, waiting] = [namesIn(to), namesIn(schoolIn(makingInside(to)))]
  const moved = z.array(z.string()).parse(JSON.parse(readFileSync(movedPath(to), 'utf8')))
  return moved.filter((name) => there.includes(name) && !waiting.includes(name))
}

/** Takes it back to where it came from, by whoever holds the lease there. */
export const takeBack = (to: string): void => {
  for (const name of halfMoved(to)) renameSync(join(to, name), join(schoolIn(makingInside(to)), name))
  rmSync(movedPath(to), { force: true })
}

/** @throws BackupTrouble where anything is in a folder besides what programs at work keep there, or a killed restore has left */
export const checkEmpty = (to: string): void => {
  const ours = [LOST_AND_FOUND, ...halfMoved(to)]
  if (namesIn(to).some((name) => !isScratch(name) && !ours.includes(name)))
    throw new BackupTrouble(`${to} is not empty. A school is restored into a folder of its own: move away what is there first.`)
}

/** In one go, so that no signal ends it in between. By its own database, moved last, a folder is known to be whole. */
const moveUp = (to: string): void => {
  const from = schoolIn(makingInside(to))
  const names = [...namesIn(from).filter((name) => name !== SCHOOL_FILE), SCHOOL_FILE]
  writeFileSync(`${movedPath(to)}.new`, JSON.stringify(names), { flush: true })
  renameSync(`${movedPath(to)}.new`, movedPath(to))
  try {
    for (const name of names) renameSync(join(from, name), join(to, name))
  } catch (cause) {
    takeBack(to)
    throw cause
  }
}

/** Gives a school its name. A restore takes hours: what somebody has put there meanwhile stays. */
export const named = async (making: string, to: string): Promise<void> => {
  checkEmpty(to)
  if (making === makingInside(to)) return moveUp(to)
  await rmdir(to).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error
  })
  await rename(schoolIn(making), to)
}
