import type { AuditChange } from '#contract/audit.ts'
import { decimalText } from '#contract/currency.ts'
import type { Change, Item, Json, JsonObject } from '#ports/tables.ts'

/** Never written down, however it got into a record or a question. */
const SECRET = /secret|token|password|passphrase|hash|(^|[a-z])key$|^key/i
/** Of no meaning to people: what is counted, and moments that the act's own says. */
const IDLE = new Set(['version', 'revision', 'isFollowed', 'since', 'at', 'changedAt', 'updatedAt', 'createdAt'])
/** The school's own names of things, which mean nothing by themselves. */
const ID = /^[a-z]{3}_[0-9a-z]{8,}$/

const MOST_CHARACTERS = 200
const MOST_CHANGES = 40
const MOST_ASKED = 12

const short = (text: string): string => (text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text)

const isMoney = (value: Json): value is { amountMinor: number; currency: string } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value['amountMinor'] === 'number' && typeof value['currency'] === 'string'

/** A value in words: plain ones as they are, money with its currency, lists and parts one after the other; ids say nothing, secrets are not said. */
const inWords = (value: Json): string => {
  if (isMoney(value)) return `${decimalText(value.amountMinor, value.currency)} ${value.currency}`
  if (Array.isArray(value)) return value.map(inWords).filter(Boolean).join(', ')
  if (typeof value !== 'object' || value === null) return typeof value === 'string' && ID.test(value) ? '' : String(value ?? '')
  const parts = Object.entries(value).flatMap(([field, inner]): string[] => {
    if (IDLE.has(field) || inner === null) return []
    const words = SECRET.test(field) ? '[secret]' : inWords(inner)
    return words === '' ? [] : [`${field}: ${words}`]
  })
  return parts.join('; ')
}

const said = (field: string, value: Json | undefined): string | undefined => {
  if (value === undefined || value === null) return undefined
  const words = SECRET.test(field) ? '[secret]' : short(inWords(value))
  return words === '' ? undefined : words
}

/** What people call it, if they call it anything. */
const nameIn = (body: JsonObject): string | undefined => {
  const name = [body['title'], body['name'], body['email'], body['code']].find((each) => typeof each === 'string' && each !== '')
  return typeof name === 'string' ? short(name) : undefined
}

const kindOf = ({ pk, sk }: Change['key']): string => (sk.includes('#') ? sk : pk).split('#', 1)[0] ?? pk

/** Of lists that have grown or shrunk, what has come and what has gone. */
const parted = (was: Json | undefined, is: Json | undefined): [was: Json | undefined, is: Json | undefined] => {
  if (!Array.isArray(was ?? []) || !Array.isArray(is ?? [])) return [was, is]
  const [old, fresh] = [was, is].map((list) => (Array.isArray(list) ? list : []))
  const known = (list: Json[] | undefined) => new Set(list?.map((each) => JSON.stringify(each)))
  const [before, after] = [known(old), known(fresh)]
  return [old?.filter((each) => !after.has(JSON.stringify(each))), fresh?.filter((each) => !before.has(JSON.stringify(each)))]
}

/** The names of what a change is about. */
export const namedIn = (change: Change, before: Item | undefined): string[] => {
  if (change.kind === 'check') return []
  const name = nameIn({ ...before?.body, ...(change.kind === 'put' && change.body) })
  return name === undefined ? [] : [name]
}

/** What one change makes of what was stored. */
export const differences = (change: Change, before: Item | undefined): AuditChange[] => {
  if (change.kind === 'check') return []
  const old: JsonObject = before?.body ?? {}
  const fresh: JsonObject = change.kind === 'put' ? change.body : {}
  const of = nameIn({ ...old, ...fresh }) ?? kindOf(change.key)
  if (change.kind === 'remove') return before ? [{ of, field: 'all of it', before: 'there' }] : []
  const fields = [...new Set([...Object.keys(old), ...Object.keys(fresh)])]
  const differ = fields.filter((field) => !IDLE.has(field) && JSON.stringify(old[field]) !== JSON.stringify(fresh[field]))
  return differ.flatMap((field): AuditChange[] => {
    const [gone, come] = parted(old[field], fresh[field])
    const [was, is] = [said(field, gone), said(field, come)]
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
