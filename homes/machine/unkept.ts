import { Unkept } from '#ports/unkept.ts'
import { hasCode } from './error-code.ts'

/** SQLite's result codes (sqlite.org/rescode.html), by the low byte of whatever extends them: BUSY, LOCKED, READONLY, FULL, CANTOPEN. */
const BY_RESULT: Readonly<Record<number, Unkept['why']>> = { 5: 'busy', 6: 'busy', 8: 'shut', 13: 'full', 14: 'busy' }
/** IOERR of a write, a sync or a cut: what SQLite says of a file it has open, on a disk that takes no writing any more. Of a read it is a fault. */
const SHUT_RESULTS: readonly number[] = [778, 1034, 1546]
const CODES = { full: ['ENOSPC', 'EDQUOT'], shut: ['EROFS', 'EACCES', 'EPERM'], busy: ['EMFILE', 'ENFILE'] } as const

const resultOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined

/** Why nothing could be written, as the disk, the system or SQLite says it; undefined of any other trouble. */
export const whyUnkept = (error: unknown): Unkept['why'] | undefined => {
  if (error instanceof Unkept) return error.why
  const result = resultOf(error)
  if (result !== undefined) return SHUT_RESULTS.includes(result) ? 'shut' : BY_RESULT[result & 0xff]
  return (['full', 'shut', 'busy'] as const).find((why) => hasCode(error, ...CODES[why]))
}

/** The same trouble in words of the port, where it has some. */
export const unkept = (error: unknown): unknown => {
  const why = whyUnkept(error)
  return why === undefined || error instanceof Unkept ? error : new Unkept(why, error)
}

/** What writes, with its trouble in those words. */
export const keeping =
  <A extends unknown[], T>(act: (...given: A) => Promise<T>): ((...given: A) => Promise<T>) =>
  (...given) =>
    act(...given).catch((error: unknown) => {
      throw unkept(error)
    })
