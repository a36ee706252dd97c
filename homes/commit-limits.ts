import { type Change, type Event, type Json, TABLE_LIMITS, TablesLimit } from '#ports/tables.ts'

const SHORT = 64

/** In UTF-8. Most texts are short and plain, and counted sooner than asked about. */
const bytes = (text: string): number => {
  const { length } = text
  if (length > SHORT) return Buffer.byteLength(text)
  for (let place = 0; place < length; place += 1) if (text.charCodeAt(place) > 0x7f) return Buffer.byteLength(text)
  return length
}

const checkKey = (parts: readonly string[]): void => {
  if (parts.some((part) => part === '' || bytes(part) > TABLE_LIMITS.keyBytes)) throw new TablesLimit('A key is empty or too long.')
}

/** Names of attributes, the version and what a home keeps beside a body or a payload. */
const AROUND_BYTES = 100

/** A byte for two digits, one for the sign and one for the exponent; seventeen digits are the most a number has here. */
const NUMBER_BYTES = 11

const weightOfNumber = (value: number): number => {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new TablesLimit(`${value} is no number that every home keeps.`)
  return NUMBER_BYTES
}

/**
 * What DynamoDB counts for a value, or a little more: text in UTF-8; three bytes for a list or map, and one for each thing in it
 * besides its own and its name's. JSON is no measure of it: `[[],[]]` is lighter there.
 */
const weightOf = (value: Json | undefined, depth: number): number => {
  if (typeof value === 'string') return bytes(value)
  if (typeof value === 'number') return weightOfNumber(value)
  if (typeof value !== 'object' || value === null) return 1
  if (depth > TABLE_LIMITS.depth) throw new TablesLimit(`An item is at most ${TABLE_LIMITS.depth} lists and objects deep.`)
  let sum = 3
  if (Array.isArray(value)) for (const each of value) sum += 1 + weightOf(each, depth + 1)
  else for (const name of Object.keys(value)) sum += 1 + bytes(name) + weightOf(value[name], depth + 1)
  return sum
}

/** The weight of a whole item: its keys and its body. */
const sizeOf = (change: Change): number => {
  const keys = bytes(change.key.pk) + bytes(change.key.sk)
  if (change.kind !== 'put') return keys
  return AROUND_BYTES + keys + bytes(change.index?.ipk ?? '') + bytes(change.index?.isk ?? '') + weightOf(change.body, 1)
}

/** @throws TablesLimit when the item is too large, too deep, or holds a number that is not exact. */
export const checkItem = (change: Change): number => {
  const size = sizeOf(change)
  if (size > TABLE_LIMITS.itemBytes) throw new TablesLimit(`An item holds at most ${TABLE_LIMITS.itemBytes} bytes: ${change.key.sk}`)
  return size
}

/** A payload is kept as text. */
const checkEvent = (event: Event): number => {
  const size = AROUND_BYTES + bytes(JSON.stringify(event))
  if (size > TABLE_LIMITS.itemBytes) throw new TablesLimit(`An event holds at most ${TABLE_LIMITS.itemBytes} bytes: ${event.name}`)
  return size
}

/**
 * What every home refuses, so that what passes on one passes on all: DynamoDB's limits, measured as it measures, never less.
 *
 * @throws TablesLimit
 */
export const checkLimits = (changes: readonly Change[], events: readonly Event[]): void => {
  if (changes.length + events.length > TABLE_LIMITS.commitEntries)
    throw new TablesLimit(`A commit holds at most ${TABLE_LIMITS.commitEntries} changes and events.`)
  const isTwice = changes.some(({ key: { pk, sk } }, place) => changes.some(({ key }, other) => other < place && key.sk === sk && key.pk === pk))
  if (isTwice) throw new TablesLimit('A commit may change a key only once.')
  if (new Set(events.map(({ id }) => id)).size < events.length) throw new TablesLimit('A commit may tell an event only once.')
  for (const change of changes) {
    checkKey([change.key.pk, change.key.sk])
    if (change.kind === 'put' && change.index) checkKey([change.index.ipk, change.index.isk])
  }
  const sizes = [...changes.map(checkItem), ...events.map(checkEvent)]
  if (sizes.reduce((sum, size) => sum + size, 0) > TABLE_LIMITS.commitBytes) throw new TablesLimit(`A commit holds at most ${TABLE_LIMITS.commitBytes} bytes.`)
}
