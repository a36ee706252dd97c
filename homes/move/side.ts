import type { Identity } from '#ports/identity.ts'
import type { Objects, PutOptions } from '#ports/objects.ts'
import type { Item, Page, Tables } from '#ports/tables.ts'

/** What is on its way in a home, and is not carried. */
export type OnTheWay = {
  uploads: number
  /** Told, and not heard by everybody yet. */
  events: number
  /** Given up, and shelved for an operator. */
  shelved: number
}

/** One of the two homes a school is carried between, as far as that goes; its school is closed meanwhile. */
export type Side = {
  tables: Pick<Tables, 'commit'>
  /** Each item that the school has written, once, in an order that stays the same; none that the home keeps for itself. */
  every(page?: string): Promise<Page<Item>>
  objects: Pick<Objects, 'list' | 'head' | 'range' | 'remove'>
  /** Puts an object that is too large to be held at once, whole or not at all. */
  take(key: string, body: AsyncIterable<Uint8Array>, options: PutOptions): Promise<void>
  identity: Pick<Identity, 'list' | 'findByEmail' | 'create' | 'setRoles' | 'disable'>
  onTheWay(): Promise<OnTheWay>
}
