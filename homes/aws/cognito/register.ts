import { rolesWith } from '#contract/roles.ts'
import { normalEmail } from '#core/addresses.ts'
import type { Person } from '#ports/identity.ts'
import { rolesOf } from './claims.ts'
import { type Directory, personOf, type Row } from './directory.ts'
import type { Pool, PoolUser } from './pool.ts'

const OWNERS = rolesWith('owner')

/** What the pool may change in a row; roles, and that somebody is kept out, are the school's. */
const refreshed = (row: Row, { email, name, isVerified, isDisabled, username }: PoolUser): Row => ({
  ...row,
  ...{ username, email, name, isVerified },
  isDisabled: row.isDisabled || isDisabled,
})

const isSame = (a: Row, b: Row): boolean =>
  a.username === b.username && a.email === b.email && a.name === b.name && a.isVerified === b.isVerified && a.isDisabled === b.isDisabled

/**
 * Brings people from the pool into the directory, and finds them in either. Whoever proves the owner's address is the owner, at that moment: what
 * the school decides of them afterwards stays.
 */
export const register = (people: Directory, users: Pool, owner: string) => {
  const isOwner = ({ email, isVerified }: PoolUser): boolean => isVerified && email === normalEmail(owner)
  /** As somebody begins: with the roles that their groups in the pool stand for. */
  const beginning = async (user: PoolUser): Promise<Row> => ({ ...user, roles: isOwner(user) ? OWNERS : rolesOf(await users.groups(user.username)) })
  const proven = (before: Row, user: PoolUser): Row => {
    const row = refreshed(before, user)
    return !before.isVerified && isOwner(user) ? { ...row, roles: OWNERS } : row
  }

  /** The row of somebody in the pool, made or brought up to date. */
  const take = async (user: PoolUser): Promise<Row | undefined> => {
    const first = (await people.find(user.id)) ? undefined : await beginning(user)
    return people.write(user.id, (before) => {
      if (!before) return first
      const row = proven(before, user)
      return isSame(row, before) ? undefined : row
    })
  }

  const takeNamed = async (username: string, id: string): Promise<Row | undefined> => {
    const user = await users.find(username)
    return user?.id === id ? take(user) : undefined
  }

  /** Somebody's row; made first where the pool knows them and the school does not yet. */
  const known = async (id: string): Promise<Row | undefined> => (await people.find(id))?.value ?? takeNamed(id, id)

  return {
    take,
    takeNamed,
    known,
    /** The pool first: a row that is gone would be made again of somebody the pool still knows. */
    async erase(id: string): Promise<void> {
      const row = await known(id)
      if (row) await users.erase(row.username)
      await people.erase(id)
    },
    async find(id: string): Promise<Person | undefined> {
      const row = (await people.find(id))?.value
      if (row) return personOf(row)
      const user = await users.find(id)
      // The pool answers to an address too; an id is none.
      return user?.id === id ? personOf(await beginning(user)) : undefined
    },
    async findByEmail(typed: string): Promise<Person | undefined> {
      const email = normalEmail(typed)
      const row = await people.findByEmail(email)
      if (row) return personOf(row)
      const user = await users.find(email)
      if (user?.email !== email) return undefined
      return personOf((await people.find(user.id))?.value ?? (await beginning(user)))
    },
  }
}
