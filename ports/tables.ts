/** A JSON value, as a table stores it. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

export type Key = { pk: string; sk: string }

/** A second way to find an item: by partition and order of its own. */
export type IndexKey = { ipk: string; isk: string }

export type Item = Key & {
  body: JsonObject
  /** Grows by one with every write; what `expect` compares. */
  version: number
  index?: IndexKey
}

/** What must be true of the stored item for a change to be allowed. Left out: anything goes. */
export type Expectation = 'absent' | 'present' | { version: number }

export type Change =
  | { kind: 'put'; key: Key; body: JsonObject; index?: IndexKey; expect?: Expectation }
  | { kind: 'remove'; key: Key; expect?: Expectation }
  | { kind: 'check'; key: Key; expect: Expectation }

/** Something that happened, told in the same write as the state it tells of. */
export type Event = {
  id: string
  name: string
  at: string
  payload: JsonObject
  /** The request in whose course it was told, as its home knows by itself; listeners work under its id. */
  request?: string
}

export type Page<T> = { items: T[]; next?: string }

export type ListOptions = {
  /** Only sort keys that begin with this. */
  prefix?: string
  /** 1 … 1000; 100 when left out. */
  limit?: number
  descending?: boolean
  /** The opaque `next` of the page before. */
  page?: string
}

/**
 * Items under (pk, sk), with one index. The shape is DynamoDB's, and so are the limits every home keeps:
 * an item of at most 400 KB, keys that are not empty, at most 100 changes and events together and at most 4 MB in a commit,
 * one change to a key in a commit; lists and objects at most 30 deep, and numbers no larger than what is exact in JavaScript.
 *
 * @throws TablesLimit when a limit is passed, or a page token is not one that the same listing gave; nothing is written.
 */
export type Tables = {
  get(key: Key): Promise<Item | undefined>
  list(pk: string, options?: ListOptions): Promise<Page<Item>>
  listIndex(ipk: string, options?: ListOptions): Promise<Page<Item>>
  /**
   * Every item that the school has written, a page at a time, whatever its key: what is there from the first page to the last is told of. A page
   * may be empty and still be followed by others. It reads everything there is, which takes its time and, in a cloud, money.
   */
  every(page?: string): Promise<Page<Item>>
  /** All or nothing, durable once it answers: the changes and the events that tell of them. `conflict`: an expectation failed, nothing was written. */
  commit(changes: Change[], events?: Event[]): Promise<'done' | 'conflict'>
}

export const TABLE_LIMITS = { itemBytes: 400 * 1024, commitEntries: 100, commitBytes: 4 * 1024 * 1024, pageItems: 1000, keyBytes: 1024, depth: 30 } as const

export class TablesLimit extends Error {
  readonly code = 'tables-limit'
}
