import { pino } from 'pino'
import type { Log } from '#ports/log.ts'

/** One JSON line a call, to a file or to standard error. */
export const fileLog = (path: string | undefined): Log => {
  const logger = path === undefined ? pino({ base: null }, pino.destination(2)) : pino({ base: null }, pino.destination({ dest: path, sync: true }))
  return {
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, error, fields = {}) => logger.error({ ...fields, err: error }, message),
  }
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }
