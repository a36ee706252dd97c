import * as z from 'zod/mini'
import { checkItem } from '#homes/commit-limits.ts'
import {
  type Change,
  type Event,
  type Expectation,
  type Item,
  type JsonObject,
  type Key,
  type ListOptions,
  type Page,
  TABLE_LIMITS,
  type Tables,
  TablesLimit,
} from '#ports/tables.ts'

/** `read`: as it was read first, for a history reads an item far more often than it writes it. */
type Row = Key & { id: string; body: string; read?: Item; version: number; index: { ipk: string; isk: string } | undefined }

/** What outlives a killed machine: items by partition, kept as text as a disk would, and in an index. */
export type TableRows = { byPartition: Map<string, Map<string, Row>>; byIndex: Map<string, Map<string, Row>> }
export const emptyRows = (): TableRows => ({ byPartition: new Map(), byIndex: new Map() })

/** Strings of JavaScript sort by UTF-16 units, tables by UTF-8 bytes: they differ beyond U+FFFF only, where both are asked. */
const compare = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1)
const compareBytes = (one: string, other: string): number =>
  /[\ud800-\udfff]/.test(one + other) ? Buffer.compare(Buffer.from(one), Buffer.from(other)) : compare(one, other)

const item = (row: Row): Item => {
  if (row.read) return row.read
  const { pk, sk, version, index } = row
  // Frozen, since every reader is given the very same.
  row.read = { pk, sk, body: Object.freeze(JSON.parse(row.body)), version, ...(index && { index }) }
  return row.read
}
const idOf = ({ pk, sk }: Key): string => `${pk}\u0000${sk}`

/** At most three bytes a character: what is short enough need not be measured. */
const bytes = (text: string): number => Buffer.byteLength(text)
const isOver = (text: string, most: number): boolean => text.length * 3 > most && bytes(text) > most

const checkKey = (part: string): void => {
  if (part === '' || isOver(part, TABLE_LIMITS.keyBytes)) throw new TablesLimit('A key is empty or too long.')
}

type Written = { change: Change; id: string; body: string }

const written = (change: Change): Written => {
  checkItem(change)
  checkKey(change.key.pk)
  checkKey(change.key.sk)
  if (change.kind === 'put' && change.index) {
    checkKey(change.index.ipk)
    checkKey(change.index.isk)
  }
  return { change, id: idOf(change.key), body: change.kind === 'put' ? JSON.stringify(change.body) : '' }
}

const textsOf = ({ change, body }: Written): string[] => {
  const { key } = change
  const index = change.kind === 'put' ? change.index : undefined
  return [key.pk, key.sk, body, ...(index ? [index.ipk, index.isk] : [])]
}

const hasTwice = (things: readonly { id: string }[]): boolean => things.length > 1 && new Set(things.map(({ id }) => id)).size < things.length

const checkSizes = (entries: readonly (readonly string[])[]): void => {
  // Nearly every commit is so short that nothing in it need be measured.
  if (entries.flat().reduce((sum, text) => sum + text.length * 3, 0) < TABLE_LIMITS.itemBytes) return
  const sizes = entries.map((texts) => texts.reduce((sum, text) => sum + bytes(text), 0))
  if (sizes.some((size) => size > TABLE_LIMITS.itemBytes)) throw new TablesLimit('An item or event is too large.')
  if (sizes.reduce((sum, size) => sum + size, 0) > TABLE_LIMITS.commitBytes) throw new TablesLimit('A commit is too large.')
}

const checkLimits = (changes: readonly Written[], events: readonly Event[]): void => {
  if (changes.length + events.length > TABLE_LIMITS.commitEntries) throw new TablesLimit('A commit holds too much.')
  if (hasTwice(changes)) throw new TablesLimit('A commit may change a key only once.')
  if (hasTwice(events)) throw new TablesLimit('A commit may tell an event only once.')
  checkSizes([...changes.map(textsOf), ...events.map((event) => [JSON.stringify(event)])])
}

const holds = (expected: Expectation | undefined, version: number | undefined): boolean => {
  if (expected === undefined) return true
  if (expected === 'absent') return version === undefined
  if (expected === 'present') return version !== undefined
  return version === expected.version
}

type Place = { kind: 'pk' | 'ipk'; value: string }
const Position = z.tuple([z.enum(['pk', 'ipk']), z.string(), z.string(), z.string(), z.string()])

const sortOf = (kind: Place['kind'], row: Row): readonly string[] => (kind === 'pk' ? [row.sk] : [row.index?.isk ?? '', row.pk, row.sk])

const compareAll = (one: readonly string[], other: readonly string[]): number => {
  for (const [place, part] of one.entries()) {
    const order = compareBytes(part, other[place] ?? '')
    if (order !== 0) return order
  }
  return 0
}

const tokenOf = ({ kind, value }: Place, row: Row): string =>
  Buffer.from(JSON.stringify([kind, value, row.index?.isk ?? '', row.pk, row.sk])).toString('base64url')

const positionIn = ({ kind, value }: Place, page: string): readonly string[] => {
  try {
    const [of, within, isk, pk, sk] = Position.parse(JSON.parse(Buffer.from(page, 'base64url').toString()))
    if (of === kind && within === value) return kind === 'pk' ? [sk] : [isk, pk, sk]
  } catch {
    // Neither JSON nor a position: refused below like another listing's.
  }
  throw new TablesLimit('That is no page token of this listing.')
}

const pageOf = (rows: Iterable<Row>, place: Place, { prefix = '', limit = 100, descending = false, page }: ListOptions): Page<Item> => {
  const { kind } = place
  const sign = descending ? -1 : 1
  const beyond = page === undefined ? undefined : positionIn(place, page)
  const found: { row: Row; sort: readonly string[] }[] = []
  for (const row of rows) {
    if (!((kind === 'pk' ? row.sk : row.index?.isk) ?? '').startsWith(prefix)) continue
    const sort = sortOf(kind, row)
    if (beyond === undefined || sign * compareAll(sort, beyond) > 0) found.push({ row, sort })
  }
  found.sort((one, other) => sign * compareAll(one.sort, other.sort))
  const most = Math.min(Math.max(limit, 1), TABLE_LIMITS.pageItems)
  const shown = found.slice(0, most).map(({ row }) => row)
  const last = shown.at(-1)
  return { items: shown.map(item), ...(found.length > most && last && { next: tokenOf(place, last) }) }
}

/** What the port does, at once: the caller says when. */
export type TablesNow = {
  get(key: Key): Item | undefined
  list(pk: string, options?: ListOptions): Page<Item>
  listIndex(ipk: string, options?: ListOptions): Page<Item>
  commit(changes: readonly Change[], events?: readonly Event[]): 'done' | 'conflict'
  /** Bodies of all items whose partition begins so, for whoever checks them. */
  bodies(prefix: string): JsonObject[]
}

/**
 * The tables' port in memory, with the machine's promises and limits (its laws are run against it) and some forty times its
 * speed: a simulation tries thousands of histories. `append` writes events into the outbox, in the same deed.
 */
export const tablesNow = ({ byPartition, byIndex }: TableRows, append: (events: readonly Event[]) => void): TablesNow => {
  const find = ({ pk, sk }: Key): Row | undefined => byPartition.get(pk)?.get(sk)
  const within = (map: Map<string, Map<string, Row>>, key: string): Map<string, Row> => {
    const rows = map.get(key) ?? new Map<string, Row>()
    map.set(key, rows)
    return rows
  }
  const write = ({ change, id, body }: Written): void => {
    if (change.kind === 'check') return
    const { pk, sk } = change.key
    const before = find(change.key)
    if (before?.index) byIndex.get(before.index.ipk)?.delete(id)
    if (change.kind === 'remove') return void byPartition.get(pk)?.delete(sk)
    const row: Row = { pk, sk, id, body, version: (before?.version ?? 0) + 1, index: change.index && { ...change.index } }
    within(byPartition, pk).set(sk, row)
    if (row.index) within(byIndex, row.index.ipk).set(id, row)
  }
  return {
    get: (key) => {
      const row = find(key)
      return row && item(row)
    },
    list: (pk, options = {}) => pageOf(byPartition.get(pk)?.values() ?? [], { kind: 'pk', value: pk }, options),
    listIndex: (ipk, options = {}) => pageOf(byIndex.get(ipk)?.values() ?? [], { kind: 'ipk', value: ipk }, options),
    commit: (given, events = []) => {
      const changes = given.map(written)
      checkLimits(changes, events)
      if (!changes.every(({ change }) => holds(change.expect, find(change.key)?.version))) return 'conflict'
      changes.forEach(write)
      append(events)
      return 'done'
    },
    bodies: (prefix) => [...byPartition].filter(([pk]) => pk.startsWith(prefix)).flatMap(([, rows]) => [...rows.values()].map((row) => item(row).body)),
  }
}

export const memoryTables = (now: TablesNow): Tables => ({
  get: async (key) => now.get(key),
  list: async (pk, options) => now.list(pk, options),
  listIndex: async (ipk, options) => now.listIndex(ipk, options),
  commit: async (changes, events) => now.commit(changes, events),
})
