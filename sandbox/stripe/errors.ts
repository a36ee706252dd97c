import { randomBytes } from 'node:crypto'

export const API_VERSION = '2026-10-28.endive'

export const makeId = (prefix: string, bytes = 18): string => `${prefix}_${randomBytes(bytes).toString('hex')}`

type Details = { type: string; code?: string; param?: string; decline_code?: string; payment_intent?: unknown }

/** The error Stripe's API answers, with its HTTP status. `keeps`: what was done before it stays done, as with a declined card. */
export class ApiError extends Error {
  readonly status: number
  readonly details: Details
  readonly keeps: boolean
  constructor(status: number, message: string, details: Details, keeps = false) {
    super(message)
    this.status = status
    this.details = details
    this.keeps = keeps
  }
}

export const invalid = (message: string, param?: string, code?: string): ApiError =>
  new ApiError(400, message, { type: 'invalid_request_error', ...(param && { param }), ...(code && { code }) })

export const missing = (what: string, id: string, param = 'id'): ApiError =>
  new ApiError(404, `No such ${what}: '${id}'`, { type: 'invalid_request_error', code: 'resource_missing', param })
