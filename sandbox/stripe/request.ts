import { ApiError, type Sessions } from './sessions.ts'
import type { Store } from './store.ts'

export type Form = { [name: string]: string | Form }

export const invalid = (message: string, param?: string, code?: string): ApiError =>
  new ApiError(400, message, { type: 'invalid_request_error', ...(param && { param }), ...(code && { code }) })

/** `a[b][0]=x` as Stripe reads it: arrays stay objects with numbers for names. */
export const decodeForm = (text: string): Form => {
  // Without prototypes: the names are a stranger's.
  const blank = (): Form => Object.create(null)
  const root = blank()
  for (const [name, value] of new URLSearchParams(text)) {
    const path = [name.split('[')[0] ?? '', ...[...name.matchAll(/\[([^\]]*)\]/g)].map(([, part]) => part ?? '')]
    const last = path.pop() ?? ''
    let at = root
    for (const part of path) {
      const known = at[part]
      const next = typeof known === 'object' ? known : blank()
      at[part] = next
      at = next
    }
    at[last] = value
  }
  return root
}

export const text = (form: Form, name: string): string | undefined => {
  const value = form[name]
  return typeof value === 'string' ? value : undefined
}
export const group = (form: Form | undefined, name: string): Form | undefined => {
  const value = form?.[name]
  return typeof value === 'object' ? value : undefined
}
export const texts = (form: Form | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(form ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))

export const whole = (value: string | undefined, param: string, least: number): number => {
  if (value === undefined) throw invalid(`Missing required param: ${param}.`, param, 'parameter_missing')
  if (!/^-?\d+$/.test(value)) throw invalid(`Invalid integer: ${value}`, param, 'parameter_invalid_integer')
  if (Number(value) < least) throw invalid(`Invalid value: ${param} must be greater than or equal to ${least}.`, param)
  return Number(value)
}

export type ApiRequest = {
  method: string
  path: string
  query: URLSearchParams
  body: string
  authorization: string | undefined
  idempotencyKey: string | undefined
  version: string | undefined
}

export type Routes = { store: Store; sessions: Sessions }
export type Route = (parts: Routes, request: ApiRequest, id: string) => Record<string, unknown>

export const missing = (what: string, id: string, param: string): ApiError =>
  new ApiError(404, `No such ${what}: ${id}`, { type: 'invalid_request_error', code: 'resource_missing', param })

/** A page of a list as Stripe cuts it: so many, after the one named. */
export const listed = (url: string, rows: readonly Record<string, unknown>[], query: URLSearchParams): Record<string, unknown> => {
  const limit = Math.min(100, Math.max(1, Number(query.get('limit') ?? 10) || 10))
  const last = query.get('starting_after')
  const from = last === null ? 0 : rows.findIndex(({ id }) => id === last) + 1
  if (last !== null && from === 0) throw missing('object', last, 'starting_after')
  return { object: 'list', url, has_more: rows.length > from + limit, data: rows.slice(from, from + limit) }
}
