import Stripe from 'stripe'
import type { Clock } from '#ports/clock.ts'
import { PaymentKeySpent, PaymentRefused } from '#ports/payments.ts'
import { patientAgent } from '../agent.ts'
import type { GuardLimits } from './guard.ts'

/** Everything here is written for this version's shapes; a new one is taken on purpose, with its changelog read. */
export const API_VERSION = '2026-10-28.endive'

export type StripeLimits = GuardLimits & { connectMs: number }
const LIMITS: StripeLimits = { connectMs: 3000, totalMs: 10_000, atOnce: 10, failures: 5, probeEveryMs: 30_000 }

export type StripeOptions = {
  secretKey: string
  /** Every one verifies: two while a secret is being changed. */
  webhookSecrets: string[]
  /** Where Stripe's API is, when it is not Stripe's. */
  apiUrl?: string
  clock: Clock
  limits?: Partial<StripeLimits>
}

export const limitsOf = ({ limits }: StripeOptions): StripeLimits => ({ ...LIMITS, ...limits })

export const client = (options: StripeOptions): Stripe => {
  const limits = limitsOf(options)
  const { protocol, hostname, port } = new URL(options.apiUrl ?? 'https://api.stripe.com')
  const isSecure = protocol === 'https:'
  return new Stripe(options.secretKey, {
    apiVersion: API_VERSION,
    host: hostname,
    port: port || (isSecure ? 443 : 80),
    protocol: isSecure ? 'https' : 'http',
    httpAgent: patientAgent(isSecure, limits),
    timeout: limits.totalMs * 0.8,
    maxNetworkRetries: 1,
    telemetry: false,
    appInfo: { name: 'Lectern' },
  })
}

/** Network, timeouts, answers that are no JSON, 5xx, 429, and 409: the same idempotency key is being worked on. */
export const isUnavailable = (error: unknown): boolean => {
  if (!(error instanceof Stripe.errors.StripeError)) return false
  const status = error.statusCode
  if (error instanceof Stripe.errors.StripeConnectionError) return true
  if (status === undefined) return error instanceof Stripe.errors.StripeAPIError
  return status >= 500 || status === 429 || status === 409
}

/** Where a person asked for it, what Stripe refuses is an answer for them; where the program did, it is a fault. */
export const orRefused = async <T>(asked: Promise<T>): Promise<T> => {
  try {
    return await asked
  } catch (cause) {
    const isRefusal = cause instanceof Stripe.errors.StripeCardError || cause instanceof Stripe.errors.StripeInvalidRequestError
    if (!isRefusal || isUnavailable(cause)) throw cause
    throw new PaymentRefused(cause.message, { cause })
  }
}

/**
 * Stripe keeps the first answer to a key for a day at least, “including 500 errors”
 * (https://docs.stripe.com/api/idempotent_requests), and refuses the key for other parameters.
 */
const isSpent = (error: unknown): boolean => {
  if (!(error instanceof Stripe.errors.StripeError)) return false
  if ((error.statusCode ?? 0) >= 500) return error.headers?.['idempotent-replayed'] === 'true'
  return error instanceof Stripe.errors.StripeIdempotencyError && error.statusCode === 400
}

/** The same key is being worked on by another call. */
const isBusy = (error: unknown): boolean => error instanceof Stripe.errors.StripeError && error.statusCode === 409

/**
 * Asks under an idempotency key. Not tried again after a 500 as other calls are: the same answer would come, as if it were an
 * old one. @throws PaymentKeySpent
 */
export const underKey = async <T>(idempotencyKey: string, ask: (options: Stripe.RequestOptions) => Promise<T>): Promise<T> => {
  try {
    try {
      return await ask({ idempotencyKey, maxNetworkRetries: 0 })
    } catch (cause) {
      if (!isBusy(cause) && !(cause instanceof Stripe.errors.StripeConnectionError)) throw cause
      return await ask({ idempotencyKey, maxNetworkRetries: isBusy(cause) ? 1 : 0 })
    }
  } catch (cause) {
    if (!isSpent(cause)) throw cause
    throw new PaymentKeySpent(`Stripe does nothing for the key ${idempotencyKey} any more.`, { cause })
  }
}

/** Whether Stripe refused because of this, by its own code. */
export const isCode = (error: unknown, code: string): boolean => error instanceof Stripe.errors.StripeError && error.code === code

/** Of what Stripe tells whole, or by its id only. */
export const idOf = (one: string | { id: string } | null | undefined): string | undefined => (typeof one === 'string' ? one : one?.id)

/** Stripe counts seconds. */
export const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString()
export const isoOrNone = (seconds: number | null | undefined): string | undefined => (seconds === null || seconds === undefined ? undefined : isoOf(seconds))
export const secondsOf = (iso: string): number => Math.floor(Date.parse(iso) / 1000)
