import { AsyncLocalStorage } from 'node:async_hooks'
import { withoutAddresses } from '#core/without-addresses.ts'
import type { Log } from '#ports/log.ts'
import { during as duringRequest, requestNow } from '../during.ts'

/** The call that is being answered, as AWS names it. */
const calls = new AsyncLocalStorage<string>()

/** Whatever is logged meanwhile bears the call's id; until somebody knows better, that is the request's too. */
export const during = <T>(requestId: string, work: () => T): T => calls.run(requestId, () => duringRequest(requestId, work))

const MOST_CAUSES = 5

/** What an error says, and what it came of. Its own fields besides stay out: an SDK hangs whole requests there. */
const told = (error: unknown, depth = 0): unknown => {
  if (!(error instanceof Error)) return String(error)
  const { name, message, stack, cause } = error
  const code = 'code' in error && typeof error.code !== 'object' ? { code: error.code } : {}
  return { name, message, ...code, stack, ...(cause !== undefined && depth < MOST_CAUSES && { cause: told(cause, depth + 1) }) }
}

/** One JSON line a call, as Lambda reads them from standard output. Nothing else is loaded for it: every function starts with this. */
export const lineLog = (write: (line: string) => void = (line) => void process.stdout.write(line), now: () => Date = () => new Date()): Log => {
  const line = (level: 'INFO' | 'WARN' | 'ERROR', message: string, fields: Record<string, unknown>): void => {
    const [requestId, request] = [calls.getStore(), requestNow()]
    const ids = { ...(requestId !== undefined && { requestId }), ...(request !== undefined && request !== requestId && { request }) }
    write(withoutAddresses(`${JSON.stringify({ timestamp: now().toISOString(), level, ...ids, message, ...fields })}\n`))
  }
  return {
    info: (message, fields = {}) => line('INFO', message, fields),
    warn: (message, fields = {}) => line('WARN', message, fields),
    error: (message, error, fields = {}) => line('ERROR', message, { ...fields, error: told(error) }),
  }
}
