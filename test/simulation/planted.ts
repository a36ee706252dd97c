import type { Change, Item, Tables } from '#ports/tables.ts'
import { WHOLE } from './run.ts'
import { splitInTwo } from './split.ts'
import type { Parts } from './world.ts'

/** What an item looks like to a school that does not remember what it has done. */
const forgotten = (item: Item): Item | undefined => {
  const { pk, sk, body } = item
  if (pk.startsWith('letter#')) return undefined
  if (pk.startsWith('hook#')) return { ...item, body: { ...body, state: 'received' } }
  const isPaid = pk.startsWith('order#') && sk === 'order' && body['state'] === 'paid'
  return isPaid ? { ...item, body: { ...body, state: 'open' } } : item
}

const loosened = (changes: readonly Change[], isLoose: (expect: Change['expect']) => boolean): Change[] =>
  changes.flatMap((change) => {
    if (!isLoose(change.expect)) return [change]
    if (change.kind === 'check') return []
    const { expect: _, ...free } = change
    return [free]
  })

/** Nothing done is known for done: every delivery of every piece of news has its effects again. */
const withoutDedupe = (tables: Tables): Tables => ({
  ...tables,
  get: async (key) => {
    const item = await tables.get(key)
    return item && forgotten(item)
  },
  commit: (changes, events) =>
    tables.commit(
      loosened(changes, (expect) => expect === 'absent'),
      events,
    ),
})

/** What was read may be old when it is written over: the last write wins. */
const withoutOrder = (tables: Tables): Tables => ({
  ...tables,
  commit: (changes, events) =>
    tables.commit(
      loosened(changes, (expect) => typeof expect === 'object'),
      events,
    ),
})

/** Schools with one thing broken, each of which the simulation must find. */
export const PLANTED: Record<string, Parts> = {
  'what is done is done again': { ...WHOLE, tables: withoutDedupe },
  'the last write wins': { ...WHOLE, tables: withoutOrder },
  'a commit is two': { ...WHOLE, tables: splitInTwo },
}
