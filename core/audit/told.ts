import type { AuditChange } from '#contract/audit.ts'
import { decimalText } from '#contract/currency.ts'
import type { Change, Item, Json, JsonObject } from '#ports/tables.ts'

/** Never written down, however it got into a record or a question. */
const SECRET = /secret|token|password|passphrase|hash|(^|[a-z])key$|^key/i
/** Of no meaning to people. */
const IDLE = new Set(['version', 'revision'])

const MOST_CHARACTERS = 200
const MOST_CHANGES = 40
const MOST_ASKED = 12

const short = (text: string): string => (text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text)

const isMoney = (value: Json): value is { amountMinor: number; currency: string } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value['amountMinor'] === 'number' && typeof value['currency'] === 'string'

const asText = (value: Json): string =>
  short(typeof value === 'string' ? value : JSON.stringify(value, (name, inner: unknown) => (SECRET.test(name) ? '[secret]' : inner)))

/** A value in words: plain ones as they are, money with its currency, lists of words with commas, the rest as JSON without what is secret in it. */
const inWords = (value: Json): string => {
  if (isMoney(value)) return `${decimalText(value.amountMinor, value.currency)} ${value.currency}`
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return short(value.join(', '))
  return asText(value)
}

const said = (field: string, value: Json | undefined): string | undefined => {
  if (value === undefined || value === null) return undefined
  return SECRET.test(field) ? '[secret]' : inWords(value)
}

/** What a record is called: by people if it has such a name, else by its kind. */
const nameOf = ({ pk, sk }: Change['key'], body: JsonObject): string => {
  const name = [body['title'], body['name'], body['email'], body['code']].find((each) => typeof each === 'string' && each !== '')
  const [kind] = (sk.includes('#') ? sk : pk).split('#')
  return short(typeof name === 'string' ? name : (kind ?? pk))
}

/** What one change makes of what was stored. */
export const differences = (change: Change, before: Item | undefined): AuditChange[] => {
  if (change.kind === 'check') return []
  const old: JsonObject = before?.body ?? {}
  const fresh: JsonObject = change.kind === 'put' ? change.body : {}
  const of = nameOf(change.key, change.kind === 'put' ? { ...old, ...fresh } : old)
  if (change.kind === 'remove') return before ? [{ of, field: 'all of it', before: 'there' }] : []
  const fields = [...new Set([...Object.keys(old), ...Object.keys(fresh)])]
  const differ = fields.filter((field) => !IDLE.has(field) && JSON.stringify(old[field]) !== JSON.stringify(fresh[field]))
  return differ.flatMap((field): AuditChange[] => {
    const [was, is] = [said(field, old[field]), said(field, fresh[field])]
    return was === undefined && is === undefined ? [] : [{ of, field, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) }]
  })
}

export const bounded = (changes: readonly AuditChange[]): AuditChange[] => changes.slice(0, MOST_CHANGES)

/** The short and plain parts of a question: whom and what it names. */
export const askedOf = (input: unknown): Record<string, string> => {
  if (typeof input !== 'object' || input === null) return {}
  const plain = Object.entries(input).flatMap(([field, value]): [string, string][] =>
    ['string', 'number', 'boolean'].includes(typeof value) && !IDLE.has(field) ? [[field, SECRET.test(field) ? '[secret]' : short(String(value))]] : [],
  )
  return Object.fromEntries(plain.slice(0, MOST_ASKED))
}
