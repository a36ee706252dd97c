import type * as z from 'zod/mini'
import type { Change, Event, IndexKey, Item, JsonObject, Key, ListOptions, Page, Tables } from '#ports/tables.ts'
import type { Personal } from './personal.ts'

/** A value as it was read: replacing it holds only while nobody else has written it since. */
export type Stored<T> = { value: T; version: number }

/** What one commit is to hold. */
export type Writing = { changes: Change[]; events: Event[] }

export const NOTHING_WRITTEN: Writing = { changes: [], events: [] }

export const together = (writings: readonly Writing[]): Writing => ({
  changes: writings.flatMap(({ changes }) => changes),
  events: writings.flatMap(({ events }) => events),
})

type Kind<T, K> = {
  /** Parses every body that is read: a stored item that no longer fits is a fault, not an absence. */
  schema: z.ZodMiniType<T>
  key: (ids: K) => Key
  index?: (value: T) => IndexKey | undefined
  /** What it has to do with people. */
  people: Personal<NoInfer<T>>
}

/** A kind of record as those see it who walk over all there are: `pattern` is its key, with the names of its ids in braces. */
export type KeptKind = {
  pattern: Key
  people: Personal<unknown>
  parse(body: JsonObject): unknown
  key(value: unknown): Key
  put(value: unknown, expect?: Change['expect']): Change
}

const kinds: KeptKind[] = []

/** Every kind of record that the modules which have been loaded keep. */
export const keptKinds = (): readonly KeptKind[] => kinds

export type Records<T, K> = {
  get(tables: Tables, ids: K): Promise<Stored<T> | undefined>
  /** Those of one partition whose sort key begins with `prefix`. */
  list(tables: Tables, pk: string, options?: ListOptions): Promise<Page<T>>
  listIndex(tables: Tables, ipk: string, options?: ListOptions): Promise<Page<T>>
  /** Fails the commit when there is one already. */
  add(value: T): Change
  put(value: T): Change
  /** Fails the commit when someone has written it since it was read. */
  replace(before: Stored<T>, value: T): Change
  remove(ids: K, before?: Stored<T>): Change
  /** Changes nothing, and fails the commit when someone has written it since it was read. */
  holds(as: Stored<T>): Change
  /** Changes nothing, and fails the commit when there is none any more. */
  there(ids: K): Change
}

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) Object.values(Object.freeze(value)).forEach(frozen)
  return value
}

/** Parses a body, and one that is frozen once only: an engine that hands out the very same again and again freezes it. */
const parsing = <T>(schema: z.ZodMiniType<T>): ((body: JsonObject) => T) => {
  const parsed = new WeakMap<JsonObject, T>()
  return (body) => {
    const known = parsed.get(body)
    if (known !== undefined) return known
    const value = schema.parse(body)
    if (Object.isFrozen(body)) parsed.set(body, frozen(value))
    return value
  }
}

/** Ids that spell their own names: what a key is made of. */
// Every id that a key asks for is text or can be written as text.
const named = <K extends object>(): K => new Proxy({}, { get: (_, name) => `{${String(name)}}` }) as K

/** The one place that spells a record's keys and trusts its body. */
export const records = <K extends object, T extends K>(kind: Kind<T, K>): Records<T, K> => {
  const parse = parsing(kind.schema)
  const read = (item: Item): Stored<T> => ({ value: parse(item.body), version: item.version })
  const put = (value: T, expect?: Change['expect']): Change => {
    const index = kind.index?.(value)
    // Every schema is an object of JSON values; what is undefined in it vanishes in writing.
    const body = value as unknown as JsonObject
    return { kind: 'put', key: kind.key(value), body, ...(index && { index }), ...(expect && { expect }) }
  }
  kinds.push({
    ...{ pattern: kind.key(named<K>()), people: kind.people, parse: (body) => kind.schema.parse(body) },
    // Whoever walks gives back to a kind what the kind itself has parsed.
    ...{ key: (value) => kind.key(value as T), put: (value, expect) => put(value as T, expect) },
  })
  const values = (page: Page<Item>): Page<T> => ({ ...page, items: page.items.map((item) => read(item).value) })
  return {
    get: async (tables, ids) => {
      const item = await tables.get(kind.key(ids))
      return item && read(item)
    },
    list: async (tables, pk, options) => values(await tables.list(pk, options)),
    listIndex: async (tables, ipk, options) => values(await tables.listIndex(ipk, options)),
    add: (value) => put(value, 'absent'),
    put: (value) => put(value),
    replace: (before, value) => put(value, { version: before.version }),
    remove: (ids, before) => ({ kind: 'remove', key: kind.key(ids), ...(before && { expect: { version: before.version } }) }),
    holds: ({ value, version }) => ({ kind: 'check', key: kind.key(value), expect: { version } }),
    there: (ids) => ({ kind: 'check', key: kind.key(ids), expect: 'present' }),
  }
}

export const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))

/** Every page of a listing that is known to be short; throws past `most`, so that nothing grows unseen. */
export const all = async <T>(next: (page?: string) => Promise<Page<T>>, most = 5000): Promise<T[]> => {
  const found: T[] = []
  let page = await next()
  found.push(...page.items)
  while (page.next !== undefined) {
    if (found.length > most) throw new Error(`A listing passed ${most} items.`)
    page = await next(page.next)
    found.push(...page.items)
  }
  return found
}
