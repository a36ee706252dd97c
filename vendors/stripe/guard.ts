import type { Clock } from '#ports/clock.ts'
import { PaymentKeySpent, PaymentsUnavailable } from '#ports/payments.ts'

export type GuardLimits = {
  /** Calls under way at once; the rest wait their turn. */
  atOnce: number
  /** For waiting and calling together. */
  totalMs: number
  /** Failures in a row after which nobody is made to wait any more. */
  failures: number
  probeEveryMs: number
}

type Options = GuardLimits & { clock: Clock; isUnavailable(error: unknown): boolean }

/** Answers what `work` answers, or fails once `totalMs` are over; what it was doing then goes on unheard. */
const within = async <T>(totalMs: number, work: (gaveUp: AbortSignal) => Promise<T>): Promise<T> => {
  const gaveUp = new AbortController()
  const { promise: deadline, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new PaymentsUnavailable(`Stripe did not answer within ${totalMs} ms.`))
    gaveUp.abort()
  }, totalMs)
  try {
    return await Promise.race([work(gaveUp.signal), deadline])
  } finally {
    clearTimeout(timer)
  }
}

const lanes = (atOnce: number) => {
  const waiting: (() => void)[] = []
  let busy = 0
  const leave = (): void => {
    const next = waiting.shift()
    if (next) next()
    else busy -= 1
  }
  return async <T>(gaveUp: AbortSignal, work: () => Promise<T>): Promise<T> => {
    if (busy < atOnce) busy += 1
    else await new Promise<void>((turn) => waiting.push(turn))
    try {
      if (gaveUp.aborted) throw new PaymentsUnavailable('Too many calls to Stripe are waiting.')
      return await work()
    } finally {
      leave()
    }
  }
}

/**
 * Keeps a failing provider from taking the school down with it: a bulkhead, a deadline, and a breaker that opens after
 * `failures` in a row and lets one call through every `probeEveryMs`. What counts as a failure becomes PaymentsUnavailable.
 */
export const guard = ({ atOnce, totalMs, failures, probeEveryMs, clock, isUnavailable }: Options) => {
  const inLane = lanes(atOnce)
  let failed = 0
  let probeAt = 0

  const admit = (): void => {
    if (failed < failures) return
    const now = clock.now().getTime()
    if (now < probeAt) throw new PaymentsUnavailable('Stripe has been failing; it is asked again shortly.')
    probeAt = now + probeEveryMs
  }

  const note = (isFailure: boolean): void => {
    failed = isFailure ? failed + 1 : 0
    if (failed === failures) probeAt = clock.now().getTime() + probeEveryMs
  }

  return async <T>(work: () => Promise<T>): Promise<T> => {
    admit()
    try {
      const answer = await within(totalMs, (gaveUp) => inLane(gaveUp, work))
      note(false)
      return answer
    } catch (cause) {
      if (cause instanceof PaymentKeySpent) {
        // An old answer says nothing of how Stripe is now; whoever asks under a new key finds out.
        probeAt = 0
        throw cause
      }
      const isFailure = cause instanceof PaymentsUnavailable || isUnavailable(cause)
      note(isFailure)
      if (!isFailure || cause instanceof PaymentsUnavailable) throw cause
      throw new PaymentsUnavailable(`Stripe is unavailable: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    }
  }
}
