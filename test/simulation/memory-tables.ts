import { checkLimits } from '#homes/commit-limits.ts'
import { type Listing, pageSize, pageToken, positionIn } from '#homes/page-token.ts'
import type { Change, Event, Expectation, Item, JsonObject, Key, ListOptions, Page, Tables } from '#ports/tables.ts'

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

const holds = (expected: Expectation | undefined, version: number | undefined): boolean => {
  if (expected === undefined) return true
  if (expected === 'absent') return version === undefined
  if (expected === 'present') return version !== undefined
  return version === expected.version
}

const sortOf = (kind: Listing['of'], row: Row): readonly string[] => (kind === 'pk' ? [row.sk] : [row.index?.isk ?? '', row.pk, row.sk])

const compareAll = (one: readonly string[], other: readonly string[]): number => {
  for (const [place, part] of one.entries()) {
    const order = compareBytes(part, other[place] ?? '')
    if (order !== 0) return order
  }
  return 0
}

const placeOf = (listing: Listing, page: string): readonly string[] => {
  const { isk, pk, sk } = positionIn(listing, page)
  return listing.of === 'pk' ? [sk] : [isk, pk, sk]
}

const pageOf = (rows: Iterable<Row>, listing: Listing, { prefix = '', limit, descending = false, page }: ListOptions): Page<Item> => {
  const { of: kind } = listing
  const sign = descending ? -1 : 1
  const beyond = page === undefined ? undefined : placeOf(listing, page)
  const found: { row: Row; sort: readonly string[] }[] = []
  for (const row of rows) {
    if (!((kind === 'pk' ? row.sk : row.index?.isk) ?? '').startsWith(prefix)) continue
    const sort = sortOf(kind, row)
    if (beyond === undefined || sign * compareAll(sort, beyond) > 0) found.push({ row, sort })
  }
  found.sort((one, other) => sign * compareAll(one.sort, other.sort))
  const most = pageSize(limit)
  const items = found.slice(0, most).map(({ row }) => item(row))
  const last = items.at(-1)
  return { items, ...(found.length > most && last && { next: pageToken(listing, last) }) }
}

/** What the port does, at once: the caller says when. */
export type TablesNow = {
  get(key: Key): Item | undefined
  list(pk: string, options?: ListOptions): Page<Item>
  listIndex(ipk: string, options?: ListOptions): Page<Item>
  commit(changes: readonly Change[], events?: readonly Event[]): 'done' | 'conflict'
  /** Bodies of all items whose partition begins so, for whoever checks them. */
  every(): Item[]
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
  const write = (change: Change): void => {
    if (change.kind === 'check') return
    const { pk, sk } = change.key
    const id = idOf(change.key)
    const before = find(change.key)
    if (before?.index) byIndex.get(before.index.ipk)?.delete(id)
    if (change.kind === 'remove') return void byPartition.get(pk)?.delete(sk)
    const row: Row = { pk, sk, id, body: JSON.stringify(change.body), version: (before?.version ?? 0) + 1, index: change.index && { ...change.index } }
    within(byPartition, pk).set(sk, row)
    if (row.index) within(byIndex, row.index.ipk).set(id, row)
  }
  return {
    get: (key) => {
      const row = find(key)
      return row && item(row)
    },
    list: (pk, options = {}) => pageOf(byPartition.get(pk)?.values() ?? [], { of: 'pk', value: pk }, options),
    listIndex: (ipk, options = {}) => pageOf(byIndex.get(ipk)?.values() ?? [], { of: 'ipk', value: ipk }, options),
    commit: (changes, events = []) => {
      checkLimits(changes, events)
      if (!changes.every((change) => holds(change.expect, find(change.key)?.version))) return 'conflict'
      changes.forEach(write)
      append(events)
      return 'done'
    },
    every: () => [...byPartition.values()].flatMap((rows) => [...rows.values()].map(item)),
    bodies: (prefix) => [...byPartition].filter(([pk]) => pk.startsWith(prefix)).flatMap(([, rows]) => [...rows.values()].map((row) => item(row).body)),
  }
}

const WALK_ITEMS = 500
const byKey = (one: Key, other: Key): number => compareBytes(one.pk, other.pk) || compareBytes(one.sk, other.sk)
// Ours: written below.
const keyIn = (page: string): Key => JSON.parse(page) as Key

export const memoryTables = (now: TablesNow): Tables => ({
  get: async (key) => now.get(key),
  list: async (pk, options) => now.list(pk, options),
  listIndex: async (ipk, options) => now.listIndex(ipk, options),
  every: async (page) => {
    const all = now.every().toSorted(byKey)
    const rest = page === undefined ? all : all.filter((each) => byKey(each, keyIn(page)) > 0)
    const items = rest.slice(0, WALK_ITEMS)
    const last = items.at(-1)
    return rest.length > items.length && last ? { items, next: JSON.stringify({ pk: last.pk, sk: last.sk }) } : { items }
  },
  commit: async (changes, events) => now.commit(changes, events),
})
