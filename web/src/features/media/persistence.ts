import { backOffMs } from '../../lib/pauses.ts'

/**
 * Why something could not be sent, in a form the page has words for. `unreadable`: the browser cannot get at the file any
 * more · `unusable`: the school will never take this file · `message` is the server's own, where it gave one.
 */
export class UploadFailure extends Error {
  readonly kind: 'network' | 'unreadable' | 'unusable' | 'refused'
  constructor(kind: UploadFailure['kind'], message = '', options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>

/** `passing`: refusals that are worth another try all the same. */
export type Persistence = { wait: Wait; random(): number; signal: AbortSignal; passing?: readonly string[] }

/** About two minutes of trying in all; after that a person decides. */
export const MOST_ATTEMPTS = 9
const BACK_OFF = { firstMs: 500, longestMs: 30_000 }

/** Doubles from half a second, and is spread over its upper half so that many browsers do not return at once. */
export const delayMs = (attempt: number, random: number): number => backOffMs(attempt - 1, random, BACK_OFF)

const NO_ROOM = 507

/** What passes by itself: no answer at all (0), a timeout, too many requests, any fault of the server save that it is full. */
export const mayPass = (status: number): boolean => status === 0 || status === 408 || status === 429 || (status >= 500 && status !== NO_ROOM)

/** The HTTP status an API call failed with; 0 when there was no answer. */
export const statusOf = (error: unknown): number =>
  typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number' ? error.status : 0

export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''

/**
 * Calls until it works, waiting longer each time.
 * @throws what it threw when that is an answer, `UploadFailure` `network` when there was none to the end.
 */
export const persist = async <T>(call: () => Promise<T>, { wait, random, signal, passing = [] }: Persistence): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted()
    try {
      return await call()
    } catch (error) {
      signal.throwIfAborted()
      const isPassing = mayPass(statusOf(error))
      if (!isPassing && !passing.includes(codeOf(error))) throw error
      if (attempt >= MOST_ATTEMPTS) throw isPassing ? new UploadFailure('network', '', { cause: error }) : error
      await wait(delayMs(attempt, random()), signal)
    }
  }
}
