import { readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { DAY_MS } from '#core/moments.ts'

/** A file for each day, and for each so many bytes of it; those put aside go after a month, or when there are so many that are newer. */
export const LOG_BOUNDS = { bytes: 32 * 1024 ** 2, files: 31, days: 30 }

type Bounds = typeof LOG_BOUNDS
type Written = { path: string; reopen(): void; now(): Date; bounds?: Bounds }

const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10)

/** `school.log` → `school.2026-11-30T00-00-12.345Z.log`: by their names they stand in the order of time. */
const nameAside = (path: string, moment: Date): string => {
  const kind = extname(path)
  return join(dirname(path), `${basename(path, kind)}.${moment.toISOString().replaceAll(':', '-')}${kind}`)
}

const asideOf = (path: string): string[] => {
  const kind = extname(path)
  const [before, length] = [`${basename(path, kind)}.20`, basename(nameAside(path, new Date(0))).length]
  return readdirSync(dirname(path)).filter((name) => name.startsWith(before) && name.endsWith(kind) && name.length === length)
}

const clear = (path: string, now: Date, { files, days }: Bounds): void => {
  const oldest = basename(nameAside(path, new Date(now.getTime() - days * DAY_MS)))
  const newestFirst = asideOf(path).toSorted().toReversed()
  for (const [at, name] of newestFirst.entries()) if (at >= files || name < oldest) rmSync(join(dirname(path), name), { force: true })
}

const begun = (path: string): { size: number; day: string | undefined } => {
  const found = statSync(path, { throwIfNoEntry: false })
  return { size: found?.size ?? 0, day: found && dayOf(found.mtime) }
}

/**
 * To be told of each line before it is written: puts the file aside on another day (UTC) and when it is full, so that no log grows for ever.
 * Where that fails, lines go on into the same file, and it is tried again when that is as long once more.
 */
export const turningLogs = ({ path, reopen, now, bounds = LOG_BOUNDS }: Written): ((line: string) => void) => {
  let { size, day } = begun(path)
  const turn = (moment: Date): void => {
    try {
      renameSync(path, nameAside(path, moment))
      reopen()
      clear(path, moment, bounds)
    } catch {}
  }
  return (line) => {
    const moment = now()
    const [today, bytes] = [dayOf(moment), Buffer.byteLength(line)]
    if (size > 0 && (today !== day || size + bytes > bounds.bytes)) {
      turn(moment)
      size = 0
    }
    day = today
    size += bytes
  }
}
