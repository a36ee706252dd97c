import * as z from 'zod/mini'
import { ROLES } from '#contract/roles.ts'
import { records, type Stored } from '#core/records.ts'
import type { Identity, Person } from '#ports/identity.ts'
import type { Change, Page, Tables } from '#ports/tables.ts'
import { isFoundBy, wordsIn } from '../../people-words.ts'
import { ownersAfter, refound, withRole, withWord } from './finding.ts'

const Row = z.object({
  id: z.string(),
  /** What the pool calls them; their `sub`, unless they sign in elsewhere. */
  username: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.array(z.enum(ROLES)),
  isVerified: z.boolean(),
  isDisabled: z.boolean(),
  sessionsSince: z.optional(z.string()),
})
export type Row = z.infer<typeof Row>

const PEOPLE = 'people'
const MOST_TRIES = 10

const rows = records({
  schema: Row,
  key: ({ id }: { id: string }) => ({ pk: `person#${id}`, sk: 'person' }),
  index: ({ id }) => ({ ipk: PEOPLE, isk: id }),
  people: { what: 'goes', says: 'Your account' },
})

/** Whose an address is. An item of its own, for an index would tell of it later. */
const addresses = records({
  schema: z.object({ email: z.string(), id: z.string() }),
  key: ({ email }: { email: string }) => ({ pk: `person-with#${email}`, sk: 'person' }),
  people: { what: 'goes', says: 'Whose address it is' },
})

export const personOf = ({ username: _, sessionsSince, ...person }: Row): Person => ({ ...person, ...(sessionsSince !== undefined && { sessionsSince }) })

/** What goes with a row's change: its address is its own from then on, and the one it had before is nobody's. */
const moved = async (tables: Tables, before: Row | undefined, { id, email }: Row): Promise<Change[]> => {
  if (before?.email === email) return []
  const left = before && (await addresses.get(tables, { email: before.email }))
  return [...(email === '' ? [] : [addresses.put({ email, id })]), ...(left?.value.id === id ? [addresses.remove({ email: left.value.email }, left)] : [])]
}

type Writing = { change: (before: Row | undefined) => Row | undefined; keepsOwner: boolean }
type Listing = NonNullable<Parameters<Identity['list']>[0]>

export type Directory = ReturnType<typeof directory>

/** What the school itself knows of its people: what each request asks, and what decides where the pool says otherwise. */
export const directory = (tables: Tables) => {
  const find = (id: string): Promise<Stored<Row> | undefined> => rows.get(tables, { id })

  /** Every change goes by this: the row as it is now, what it is to be, and again when somebody else was faster. */
  const written = async (id: string, { change, keepsOwner }: Writing): Promise<Row | undefined | 'last-owner'> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const before = await find(id)
      const row = change(before?.value)
      if (!row) return before?.value
      const owning = await ownersAfter(tables, id, { before: before?.value, after: row })
      if (keepsOwner && owning.isNoneLeft) return 'last-owner'
      const own = before ? rows.replace(before, row) : rows.add(row)
      const changes = [own, ...(await moved(tables, before?.value, row)), ...refound(id, before?.value, row), ...owning.changes]
      if ((await tables.commit(changes)) === 'done') return row
    }
    throw new Error('Somebody’s row was written by others again and again.')
  }
  const write = async (id: string, change: Writing['change']): Promise<Row | undefined> => {
    const row = await written(id, { change, keepsOwner: false })
    return row === 'last-owner' ? undefined : row
  }

  const shown = async ({ items, ...page }: Page<string>, search = ''): Promise<Page<Person>> => {
    const words = wordsIn(search)
    const found = await Promise.all(items.map((id) => find(id)))
    return { ...page, items: found.flatMap((row) => (row && isFoundBy(row.value, words) ? [personOf(row.value)] : [])) }
  }

  return {
    find,
    write,
    async erase(id: string): Promise<void> {
      const row = await find(id)
      if (!row) return
      const address = await addresses.get(tables, { email: row.value.email })
      const owning = await ownersAfter(tables, id, { before: row.value, after: undefined })
      const own = [rows.remove({ id }), ...(address?.value.id === id ? [addresses.remove({ email: row.value.email })] : [])]
      const outcome = await tables.commit([...own, ...refound(id, row.value, undefined), ...owning.changes])
      if (outcome === 'conflict') throw new Error('Somebody else was made or unmade an owner at this moment.')
    },
    async findByEmail(email: string): Promise<Row | undefined> {
      const address = await addresses.get(tables, { email })
      return address && (await find(address.value.id))?.value
    },
    /** The same, unless nobody would be left who owns the school. */
    writeKeepingOwner: (id: string, change: Writing['change']) => written(id, { change, keepsOwner: true }),
    async list({ page, search, role }: Listing = {}): Promise<Page<Person>> {
      const options = page === undefined ? {} : { page }
      if (role !== undefined) return shown(await withRole(tables, role, options), search)
      // The longest word has the fewest; the others are compared.
      const [longest] = wordsIn(search ?? '').toSorted((one, other) => other.length - one.length)
      if (longest !== undefined) return shown(await withWord(tables, longest, options), search)
      const found = await rows.listIndex(tables, PEOPLE, options)
      return { ...found, items: found.items.map(personOf) }
    },
  }
}
