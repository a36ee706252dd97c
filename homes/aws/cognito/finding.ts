import * as z from 'zod/mini'
import type { Role } from '#contract/roles.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import type { Person } from '#ports/identity.ts'
import type { Change, ListOptions, Page, Tables } from '#ports/tables.ts'
import { wordsOf } from '../../people-words.ts'

/** What of somebody's row says how they are found. */
type Row = Pick<Person, 'id' | 'name' | 'email' | 'roles' | 'isVerified' | 'isDisabled'>

/** A word that somebody is found by, each an item of its own, so that all whose names begin alike lie beside each other. */
const words = records({
  schema: z.object({ word: z.string(), id: z.string() }),
  key: ({ word, id }: { word: string; id: string }) => ({ pk: 'people-words', sk: `${word}#${id}` }),
  people: { what: 'goes', says: 'Words the staff find you by', whose: ({ id }) => id },
})

/** Who has a role that goes beyond learning. */
const holders = records({
  schema: z.object({ role: z.string(), id: z.string() }),
  key: ({ role, id }: { role: string; id: string }) => ({ pk: `people-who#${role}`, sk: id }),
  people: { what: 'goes', says: 'That you are one of the staff', whose: ({ id }) => id },
})

const keysOf = (row: Row | undefined): { words: string[]; roles: string[] } =>
  row ? { words: wordsOf(row), roles: row.roles.filter((role) => role !== 'learner') } : { words: [], roles: [] }

/** What a change of somebody's row changes in how they are found; `after` is undefined where they leave. */
export const refound = (id: string, before: Row | undefined, after: Row | undefined): Change[] => {
  const [old, now] = [keysOf(before), keysOf(after)]
  return [
    ...now.words.filter((word) => !old.words.includes(word)).map((word) => words.put({ word, id })),
    ...old.words.filter((word) => !now.words.includes(word)).map((word) => words.remove({ word, id })),
    ...now.roles.filter((role) => !old.roles.includes(role)).map((role) => holders.put({ role, id })),
    ...old.roles.filter((role) => !now.roles.includes(role)).map((role) => holders.remove({ role, id })),
  ]
}

const idsOf = ({ items, ...page }: Page<{ id: string }>): Page<string> => ({ ...page, items: [...new Set(items.map(({ id }) => id))] })

/** Those of whom a word begins so, and those with a role: their ids. */
export const withWord = async (tables: Tables, prefix: string, options: ListOptions): Promise<Page<string>> =>
  idsOf(await words.list(tables, 'people-words', { ...options, prefix }))
export const withRole = async (tables: Tables, role: Role, options: ListOptions): Promise<Page<string>> =>
  idsOf(await holders.list(tables, `people-who#${role}`, options))

/** The owners who can sign in, in one item: what takes one away has read who is left, and fails where somebody else has changed that meanwhile. */
const owners = records({
  schema: z.object({ ids: z.array(z.string()) }),
  key: (_: object) => ({ pk: 'people-owners', sk: 'owners' }),
  // An owner is forgotten once they are one no more.
  people: ofNobody,
})

const isNamed = (row: Row | undefined): boolean => row?.roles.includes('owner') === true
const isOwning = (row: Row | undefined): boolean => isNamed(row) && row?.isVerified === true && !row.isDisabled

/** What goes with a row's change where it makes or unmakes an owner. */
export const ownersAfter = async (
  tables: Tables,
  id: string,
  { before, after }: { before: Row | undefined; after: Row | undefined },
): Promise<{ changes: Change[]; isNoneLeft: boolean }> => {
  const none = { changes: [], isNoneLeft: false }
  if (!isNamed(before) && !isNamed(after)) return none
  const stored = await owners.get(tables, {})
  const listed = stored?.value.ids ?? []
  // An item of an earlier version may list one who has not confirmed their address.
  const wasOwning = isOwning(before) || listed.includes(id)
  if (wasOwning === isOwning(after)) return none
  const others = listed.filter((each) => each !== id)
  const ids = isOwning(after) ? [...others, id] : others
  return { changes: [stored ? owners.replace(stored, { ids }) : owners.add({ ids })], isNoneLeft: ids.length === 0 }
}
