import { type LoggerOptions, pino, stdTimeFunctions } from 'pino'
import type { Log } from '#ports/log.ts'
import { requestNow } from '../during.ts'

/** Levels and times as people read them, and for which request it was said. */
const SHAPE: LoggerOptions = {
  base: null,
  timestamp: stdTimeFunctions.isoTime,
  formatters: { level: (level) => ({ level }) },
  mixin: () => ({ request: requestNow() }),
}

/** One JSON line a call, to a file or to standard error. */
export const fileLog = (path: string | undefined): Log => {
  const logger = pino(SHAPE, path === undefined ? pino.destination(2) : pino.destination({ dest: path, sync: true }))
  return {
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, error, fields = {}) => logger.error({ ...fields, err: error }, message),
  }
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }
