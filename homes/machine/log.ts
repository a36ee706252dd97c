import { type LoggerOptions, pino, stdTimeFunctions } from 'pino'
import { withoutAddresses } from '#core/without-addresses.ts'
import type { Log } from '#ports/log.ts'
import { requestNow } from '../during.ts'
import { logFile } from './log-files.ts'

/** Levels and times as people read them, and for which request it was said. */
const SHAPE: LoggerOptions = {
  base: null,
  timestamp: stdTimeFunctions.isoTime,
  formatters: { level: (level) => ({ level }) },
  mixin: () => ({ request: requestNow() }),
  hooks: { streamWrite: withoutAddresses },
}

/** A line that nothing can keep, on a full disk say, is lost: whoever is told of trouble must not be given another. */
const ifItCan = (say: () => void): void => {
  try {
    say()
  } catch {}
}

/** One JSON line a call, to a file that each day begins anew or to standard error; it never throws. */
export const fileLog = (path: string | undefined, now = (): Date => new Date()): Log => {
  const logger = pino(SHAPE, path === undefined ? pino.destination(2) : logFile({ path, now }))
  return {
    info: (message, fields = {}) => ifItCan(() => logger.info(fields, message)),
    warn: (message, fields = {}) => ifItCan(() => logger.warn(fields, message)),
    error: (message, error, fields = {}) => ifItCan(() => logger.error({ ...fields, err: error }, message)),
  }
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }
