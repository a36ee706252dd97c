import { closeSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { DAY_MS } from '#core/moments.ts'
import { hasCode } from './error-code.ts'

/** A file for each day, and for each so many bytes of it; those put aside go after a month, or when there are so many that are newer. */
export const LOG_BOUNDS = { bytes: 32 * 1024 ** 2, files: 31, days: 30 }
/** A clock that has come further since the last file was put aside was set, or the school was closed: it says nothing of how old a file is. */
const PLAUSIBLE_MS = 2 * DAY_MS

type Bounds = typeof LOG_BOUNDS

const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10)

/** `school.log` → `school.2026-11-30T00-00-12.345Z.log`: by their names they stand in the order of time. */
const nameAside = (path: string, moment: Date): string => {
  const kind = extname(path)
  return `${basename(path, kind)}.${moment.toISOString().replaceAll(':', '-')}${kind}`
}

/** Oldest first. */
const asideOf = (path: string): string[] => {
  const kind = extname(path)
  const [before, length] = [`${basename(path, kind)}.20`, nameAside(path, new Date(0)).length]
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(before) && name.endsWith(kind) && name.length === length)
  return names.toSorted()
}

const clear = (path: string, now: Date, { files, days }: Bounds): void => {
  const daysAgo = (milliseconds: number): string => nameAside(path, new Date(now.getTime() - milliseconds))
  const names = asideOf(path)
  const isPlausible = (names.at(-2) ?? '') >= daysAgo(PLAUSIBLE_MS)
  const [most, oldest] = [names.length - files, daysAgo(days * DAY_MS)]
  for (const [at, name] of names.entries()) if (at < most || (isPlausible && name < oldest)) rmSync(join(dirname(path), name), { force: true })
}

const begun = (path: string): { size: number; day: string | undefined } => {
  const found = statSync(path, { throwIfNoEntry: false })
  return { size: found?.size ?? 0, day: found && dayOf(found.mtime) }
}

/** Puts what is there aside and answers the next file; where that cannot be opened, all is as before. @throws what the file system says */
const nextFile = (path: string, moment: Date): number => {
  const aside = join(dirname(path), nameAside(path, moment))
  try {
    renameSync(path, aside)
  } catch (error) {
    // Somebody has taken it away: it begins anew all the same.
    if (!hasCode(error, 'ENOENT')) throw error
    return openSync(path, 'a')
  }
  try {
    return openSync(path, 'a')
  } catch (error) {
    renameSync(aside, path)
    throw error
  }
}

/** Writes all of it, or says that it did not. */
const writeWhole = (file: number, text: Buffer): void => {
  for (let at = 0; at < text.length; ) at += writeSync(file, text, at)
}

type Written = { path: string; now(): Date; bounds?: Bounds }

/**
 * A file that each day (UTC) begins anew, and that many bytes do, so that no log grows for ever. Where the next cannot be begun, lines go on into
 * the same one, and it is tried again when that is as long once more. `write` @throws what the disk says; a line that was cut off so does not spoil the next.
 */
export const logFile = ({ path, now, bounds = LOG_BOUNDS }: Written): { write(line: string): void } => {
  let { size, day } = begun(path)
  let file = openSync(path, 'a')
  let isCut = false
  const turn = (moment: Date): void => {
    try {
      const next = nextFile(path, moment)
      closeSync(file)
      file = next
      clear(path, moment, bounds)
    } catch {}
  }
  return {
    write(line) {
      const moment = now()
      const [today, text] = [dayOf(moment), Buffer.from(isCut ? `\n${line}` : line)]
      if (size > 0 && (today !== day || size + text.length > bounds.bytes)) {
        turn(moment)
        size = 0
      }
      day = today
      size += text.length
      isCut = true
      writeWhole(file, text)
      isCut = false
    },
  }
}
