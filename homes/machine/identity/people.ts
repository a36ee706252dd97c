import type { DatabaseSync } from 'node:sqlite'
import type { Clock, Ids } from '#ports/clock.ts'
import type { Person, Role } from '#ports/identity.ts'
import type { Page } from '#ports/tables.ts'

/** `password` is empty where somebody has none: they sign in by another provider. */
export type Account = Person & { password: string }

type Row = { id: string; email: string; name: string; password: string; roles: string; is_verified: number; is_disabled: number; sessions_since: string | null }

const PAGE = 100

const account = (row: Row): Account => ({
  id: row.id,
  email: row.email,
  name: row.name,
  password: row.password,
  // Written by this file only, from Role[].
  roles: JSON.parse(row.roles) as Role[],
  isVerified: row.is_verified === 1,
  isDisabled: row.is_disabled === 1,
  ...(row.sessions_since !== null && { sessionsSince: row.sessions_since }),
})

export const person = ({ password: _, ...rest }: Account): Person => rest

/** Addresses differ only where people would say so. */
export const normalEmail = (typed: string): string => typed.trim().normalize('NFKC').toLowerCase()

const ADDRESS = /^[^\s@<>"(),:;\\[\]\p{Cc}]+@[^\s@<>"(),:;\\[\]\p{Cc}]+\.[^\s@<>"(),:;\\[\].\p{Cc}]+$/u
export const isEmail = (email: string): boolean => email.length <= 254 && ADDRESS.test(email)

export type NewAccount = { email: string; name: string; password: string; roles: Role[]; isVerified: boolean }

const statements = (database: DatabaseSync) => ({
  byId: database.prepare('SELECT * FROM accounts WHERE id = ?'),
  byEmail: database.prepare('SELECT * FROM accounts WHERE email = ?'),
  after: database.prepare(`SELECT * FROM accounts WHERE id > ? ORDER BY id LIMIT ${PAGE + 1}`),
  insert: database.prepare('INSERT OR IGNORE INTO accounts (id, email, name, password, roles, is_verified, created) VALUES (?, ?, ?, ?, ?, ?, ?)'),
  roles: database.prepare('UPDATE accounts SET roles = ? WHERE id = ?'),
  disabled: database.prepare('UPDATE accounts SET is_disabled = 1 WHERE id = ?'),
  redrafted: database.prepare('UPDATE accounts SET name = ?, password = ? WHERE id = ? AND is_verified = 0'),
  confirmed: database.prepare('UPDATE accounts SET is_verified = 1, password = ?, name = coalesce(?, name) WHERE id = ?'),
  renamed: database.prepare('UPDATE accounts SET name = ? WHERE id = ?'),
  rehashed: database.prepare('UPDATE accounts SET password = ? WHERE id = ?'),
  moved: database.prepare('UPDATE OR IGNORE accounts SET email = ? WHERE id = ?'),
  // Interactions stay: the person whose sessions end may be in the middle of one, and it grants nothing by itself.
  forgotten: database.prepare("DELETE FROM oidc WHERE account = ? AND model <> 'Interaction'"),
  since: database.prepare('UPDATE accounts SET sessions_since = ? WHERE id = ?'),
  unlinked: database.prepare('DELETE FROM links WHERE account = ?'),
})

/** The directory. `password` is a hash everywhere in here. */
export type People = ReturnType<typeof people>

export const people = ({ database, clock, ids }: { database: DatabaseSync; clock: Clock; ids: Ids }) => {
  const { byId, byEmail, after, insert, roles, disabled, redrafted, confirmed, renamed, rehashed, moved, forgotten, since, unlinked } = statements(database)
  // A row of a STRICT table has the columns its schema names.
  const read = (row: unknown): Account | undefined => (row === undefined ? undefined : account(row as Row))

  const signOutEverywhere = (id: string): void => {
    forgotten.run(id)
    since.run(clock.now().toISOString(), id)
  }
  const find = (id: string): Account | undefined => read(byId.get(id))
  return {
    find,
    findByEmail: (email: string): Account | undefined => read(byEmail.get(normalEmail(email))),
    list(page = ''): Page<Person> {
      const rows = after.all(page) as Row[]
      const items = rows.slice(0, PAGE).map((row) => person(account(row)))
      const last = items.at(-1)
      return rows.length > PAGE && last ? { items, next: last.id } : { items }
    },
    add({ email, name, password, roles: given, isVerified }: NewAccount): Account | 'taken' {
      const id = ids.make('prs')
      const { changes } = insert.run(id, normalEmail(email), name, password, JSON.stringify(given), isVerified ? 1 : 0, clock.now().toISOString())
      const made = changes === 0 ? undefined : find(id)
      return made ?? 'taken'
    },
    rename: (id: string, name: string): void => void renamed.run(name, id),
    setPassword(id: string, password: string): void {
      rehashed.run(password, id)
      unlinked.run(id)
      since.run(clock.now().toISOString(), id)
    },
    /** False where somebody else has that address by now. */
    setEmail(id: string, email: string): boolean {
      const isMoved = moved.run(normalEmail(email), id).changes > 0
      // A link to choose a new password lies in the old mailbox.
      if (isMoved) unlinked.run(id)
      return isMoved
    },
    signOutEverywhere,
    setRoles: (id: string, given: Role[]): void => void roles.run(JSON.stringify(given), id),
    /** What someone who has not confirmed the address yet typed last. */
    redraft: (id: string, name: string, password: string): void => void redrafted.run(name, password, id),
    /** The address is theirs: the password counts from now on, other links and sessions no longer. */
    confirm(id: string, password: string, name: string | null): void {
      confirmed.run(password, name, id)
      unlinked.run(id)
      signOutEverywhere(id)
    },
    disable(id: string): void {
      disabled.run(id)
      unlinked.run(id)
      signOutEverywhere(id)
    },
  }
}
