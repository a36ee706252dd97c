import * as z from 'zod/mini'
import { records, type Stored } from '#core/records.ts'
import type { Person } from '#ports/identity.ts'
import type { Change, Page, Tables } from '#ports/tables.ts'

const Row = z.object({
  id: z.string(),
  /** What the pool calls them; their `sub`, unless they sign in elsewhere. */
  username: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.array(z.enum(['learner', 'instructor', 'admin'])),
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

export type Directory = ReturnType<typeof directory>

/** What the school itself knows of its people: what each request asks, and what decides where the pool says otherwise. */
export const directory = (tables: Tables) => {
  const find = (id: string): Promise<Stored<Row> | undefined> => rows.get(tables, { id })

  /** Every change goes by this: the row as it is now, what it is to be, and again when somebody else was faster. */
  const write = async (id: string, change: (before: Row | undefined) => Row | undefined): Promise<Row | undefined> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const before = await find(id)
      const row = change(before?.value)
      if (!row) return before?.value
      const changes = [before ? rows.replace(before, row) : rows.add(row), ...(await moved(tables, before?.value, row))]
      if ((await tables.commit(changes)) === 'done') return row
    }
    throw new Error('Somebody’s row was written by others again and again.')
  }

  return {
    find,
    write,
    async erase(id: string): Promise<void> {
      const row = await find(id)
      if (!row) return
      const address = await addresses.get(tables, { email: row.value.email })
      await tables.commit([rows.remove({ id }), ...(address?.value.id === id ? [addresses.remove({ email: row.value.email })] : [])])
    },
    async findByEmail(email: string): Promise<Row | undefined> {
      const address = await addresses.get(tables, { email })
      return address && (await find(address.value.id))?.value
    },
    async list(page?: string): Promise<Page<Person>> {
      const found = await rows.listIndex(tables, PEOPLE, page === undefined ? {} : { page })
      return { ...found, items: found.items.map(personOf) }
    },
  }
}
