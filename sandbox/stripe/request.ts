import { invalid, missing } from './errors.ts'

export type Form = { [name: string]: string | Form }

const blank = (): Form => Object.create(null)

/** `a[b][0]=x` as Stripe reads it: arrays stay objects with numbers for names, which `a[]=x` is given too. */
export const decodeForm = (sent: string | URLSearchParams): Form => {
  // Without prototypes: the names are a stranger's.
  const root = blank()
  for (const [name, value] of new URLSearchParams(sent)) {
    const path = [name.split('[')[0] ?? '', ...[...name.matchAll(/\[([^\]]*)\]/g)].map(([, part]) => part ?? '')]
    const last = path.pop() ?? ''
    let at = root
    for (const part of path) {
      const known = at[part]
      const next = typeof known === 'object' ? known : blank()
      at[part] = next
      at = next
    }
    at[last === '' ? String(Object.keys(at).length) : last] = value
  }
  return root
}

export const text = (form: Form | undefined, name: string): string | undefined => {
  const value = form?.[name]
  return typeof value === 'string' ? value : undefined
}
export const group = (form: Form | undefined, name: string): Form | undefined => {
  const value = form?.[name]
  return typeof value === 'object' ? value : undefined
}
export const texts = (form: Form | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(form ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
export const groups = (form: Form | undefined, name: string): Form[] => Object.values(group(form, name) ?? {}).filter((each) => typeof each === 'object')

export const required = (form: Form | undefined, name: string, param = name): string => {
  const value = text(form, name)
  if (!value) throw invalid(`Missing required param: ${param}.`, param, 'parameter_missing')
  return value
}

export const whole = (value: string | undefined, param: string, least: number): number => {
  if (value === undefined) throw invalid(`Missing required param: ${param}.`, param, 'parameter_missing')
  if (!/^-?\d+$/.test(value)) throw invalid(`Invalid integer: ${value}`, param, 'parameter_invalid_integer')
  if (Number(value) < least) throw invalid(`Invalid value: ${param} must be greater than or equal to ${least}.`, param)
  return Number(value)
}

export const truth = (value: string | undefined, param: string): boolean | undefined => {
  if (value !== undefined && value !== 'true' && value !== 'false') throw invalid(`Invalid boolean: ${value}`, param)
  return value === undefined ? undefined : value === 'true'
}

export const oneOf = <T extends string>(value: string | undefined, param: string, all: readonly T[]): T | undefined => {
  const found = all.find((each) => each === value)
  if (value !== undefined && found === undefined) throw invalid(`Invalid ${param}: must be one of ${all.join(', ')}`, param)
  return found
}

/** Every name sent, with `[]` for what is a list's place or somebody's own word. */
const pathsOf = (form: Form, prefix = ''): string[] =>
  Object.entries(form).flatMap(([name, value]) => {
    const isOwn = /^\d+$/.test(name) || /metadata\]?$/.test(prefix)
    const path = prefix === '' ? name : `${prefix}[${isOwn ? '' : name}]`
    return typeof value === 'object' ? pathsOf(value, path) : [path]
  })

/** @throws ApiError at the first parameter that is not one of these; `expand` is always known. */
export const refuseUnknown = (form: Form, known: readonly string[]): void => {
  const unknown = pathsOf(form).find((path) => !known.includes(path) && path !== 'expand[]' && path !== 'metadata[]' && path !== 'metadata')
  if (unknown === undefined) return
  throw invalid(`Received unknown parameter: ${unknown}. (If Stripe knows it, the stand-in does not yet.)`, unknown, 'parameter_unknown')
}

/** Metadata as Stripe joins it: named ones replaced, empty ones taken out, `metadata=` for none at all. */
export const joined = (before: Record<string, string>, form: Form): Record<string, string> =>
  form['metadata'] === '' ? {} : Object.fromEntries(Object.entries({ ...before, ...texts(group(form, 'metadata')) }).filter(([, value]) => value !== ''))

export type Paged = { object: 'list'; url: string; has_more: boolean; data: Record<string, unknown>[] }
export const PAGE = ['limit', 'starting_after', 'ending_before', 'created', 'created[gte]', 'created[gt]', 'created[lte]', 'created[lt]']

const isWithin = (created: number, form: Form): boolean => {
  const [exactly, range] = [text(form, 'created'), group(form, 'created')]
  const bound = (name: string, none: number): number => (range?.[name] === undefined ? none : whole(text(range, name), `created[${name}]`, 0))
  if (exactly !== undefined && created !== whole(exactly, 'created', 0)) return false
  return created >= bound('gte', 0) && created > bound('gt', -1) && created <= bound('lte', Number.MAX_VALUE) && created < bound('lt', Number.MAX_VALUE)
}

/** A page of a list, newest first, as Stripe cuts it: so many, after or before the one named. */
export const listed = (url: string, all: readonly (Record<string, unknown> & { id: string; created?: number })[], form: Form): Paged => {
  const rows = all.filter(({ created }) => created === undefined || isWithin(created, form))
  const limit = text(form, 'limit') === undefined ? 10 : whole(text(form, 'limit'), 'limit', 1)
  if (limit > 100) throw invalid('Invalid integer: limit must be at most 100.', 'limit')
  const [after, before] = [text(form, 'starting_after'), text(form, 'ending_before')]
  // What is named may itself lie outside the range asked for.
  const place = (id: string, param: string): number => {
    const found = all.findIndex((row) => row.id === id)
    if (found < 0) throw missing('object', id, param)
    return found
  }
  const seen = new Set(
    after === undefined ? (before === undefined ? [] : all.slice(place(before, 'ending_before'))) : all.slice(0, place(after, 'starting_after') + 1),
  )
  const left = rows.filter((row) => !seen.has(row))
  const data = before === undefined ? left.slice(0, limit) : left.slice(-limit)
  return { object: 'list', url, has_more: left.length > data.length, data }
}
