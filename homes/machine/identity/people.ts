import type { DatabaseSync } from 'node:sqlite'
import { normalEmail } from '#core/addresses.ts'
import type { Clock, Ids } from '#ports/clock.ts'
import type { Role } from '#ports/identity.ts'
import { type Account, account, listing, type Row } from './listing.ts'

const ADDRESS = /^[^\s@<>"(),:;\\[\]\p{Cc}]+@[^\s@<>"(),:;\\[\]\p{Cc}]+\.[^\s@<>"(),:;\\[\].\p{Cc}]+$/u
export const isEmail = (email: string): boolean => email.length <= 254 && ADDRESS.test(email)

export type NewAccount = { email: string; name: string; password: string; roles: Role[]; isVerified: boolean }

/** Of the row at hand: an owner who is not kept out; and whether there is another who can sign in. */
const IS_OWNER = `(roles LIKE '%"owner"%' AND is_disabled = 0)`
const ANOTHER_OWNER = `EXISTS (SELECT 1 FROM accounts AS other WHERE other.roles <> '["learner"]' AND other.roles LIKE '%"owner"%' AND other.is_disabled = 0 AND other.is_verified = 1 AND other.id <> accounts.id)`

type Done = 'done' | 'last-owner'

const statements = (database: DatabaseSync) => ({
  byId: database.prepare('SELECT * FROM accounts WHERE id = ?'),
  byEmail: database.prepare('SELECT * FROM accounts WHERE email = ?'),
  insert: database.prepare('INSERT OR IGNORE INTO accounts (id, email, name, password, roles, is_verified, created) VALUES (?, ?, ?, ?, ?, ?, ?)'),
  // One statement each: of two owners who unmake each other, one stays.
  roles: database.prepare(`UPDATE accounts SET roles = ? WHERE id = ? AND (? LIKE '%"owner"%' OR NOT ${IS_OWNER} OR ${ANOTHER_OWNER})`),
  disabled: database.prepare(`UPDATE accounts SET is_disabled = 1 WHERE id = ? AND (NOT ${IS_OWNER} OR ${ANOTHER_OWNER})`),
  enabled: database.prepare('UPDATE accounts SET is_disabled = 0 WHERE id = ?'),
  redrafted: database.prepare('UPDATE accounts SET name = ?, password = ? WHERE id = ? AND is_verified = 0'),
  confirmed: database.prepare('UPDATE accounts SET is_verified = 1, password = ?, name = coalesce(?, name) WHERE id = ?'),
  renamed: database.prepare('UPDATE accounts SET name = ? WHERE id = ?'),
  rehashed: database.prepare('UPDATE accounts SET password = ? WHERE id = ?'),
  moved: database.prepare('UPDATE OR IGNORE accounts SET email = ? WHERE id = ?'),
  // Interactions stay, save those below: the person whose sessions end may be in the middle of one, and it grants nothing by itself.
  forgotten: database.prepare("DELETE FROM oidc WHERE account = ? AND model <> 'Interaction'"),
  // Sign-ins that were proven and not come back from: each opens a session whenever its browser likes, by a proof that may count no more.
  parked: database.prepare("DELETE FROM oidc WHERE model = 'Interaction' AND json_extract(payload, '$.result.login.accountId') = ?"),
  halves: database.prepare("DELETE FROM steps WHERE json_extract(step, '$.half.account') = ?"),
  // Whoever asked for another address may be whom this is against.
  moves: database.prepare('DELETE FROM address_changes WHERE account = ?'),
  staff: database.prepare(`SELECT * FROM accounts WHERE roles <> '["learner"]'`),
  since: database.prepare('UPDATE accounts SET sessions_since = ? WHERE id = ?'),
  unlinked: database.prepare('DELETE FROM links WHERE account = ?'),
})

const endings = ({ forgotten, moves, parked, halves, since }: ReturnType<typeof statements>, clock: Clock) => {
  const endBegun = (id: string): void => {
    parked.run(id)
    halves.run(id)
  }
  const signOutEverywhere = (id: string): void => {
    forgotten.run(id)
    moves.run(id)
    endBegun(id)
    since.run(clock.now().toISOString(), id)
  }
  return { endBegun, signOutEverywhere }
}

/** The directory. `password` is a hash everywhere in here. */
export type People = ReturnType<typeof people>

export const people = ({ database, clock, ids }: { database: DatabaseSync; clock: Clock; ids: Ids }) => {
  const used = statements(database)
  const { byId, byEmail, insert, roles, disabled, enabled, redrafted, confirmed, renamed, rehashed, moved, since, unlinked, staff } = used
  // A row of a STRICT table has the columns its schema names.
  const read = (row: unknown): Account | undefined => (row === undefined ? undefined : account(row as Row))

  const { endBegun, signOutEverywhere } = endings(used, clock)
  const find = (id: string): Account | undefined => read(byId.get(id))
  return {
    find,
    findByEmail: (email: string): Account | undefined => read(byEmail.get(normalEmail(email))),
    list: listing(database),
    add({ email, name, password, roles: given, isVerified }: NewAccount): Account | 'taken' {
      const id = ids.make('prs')
      const { changes } = insert.run(id, normalEmail(email), name, password, JSON.stringify(given), isVerified ? 1 : 0, clock.now().toISOString())
      const made = changes === 0 ? undefined : find(id)
      return made ?? 'taken'
    },
    setRoles(id: string, given: Role[]): Done {
      const json = JSON.stringify(given)
      return roles.run(json, id, json).changes === 0 && find(id) ? 'last-owner' : 'done'
    },
    rename: (id: string, name: string): void => void renamed.run(name, id),
    setPassword(id: string, password: string): void {
      rehashed.run(password, id)
      unlinked.run(id)
      endBegun(id)
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
    /** Ends the sign-ins that have shown what is not enough any more and wait to be gone on with. */
    endBegun,
    staff: (): Account[] => staff.all().flatMap((row) => read(row) ?? []),
    /** What someone who has not confirmed the address yet typed last. */
    redraft: (id: string, name: string, password: string): void => void redrafted.run(name, password, id),
    /** The address is theirs: the password counts from now on, other links and sessions no longer. */
    confirm(id: string, password: string, name: string | null): void {
      confirmed.run(password, name, id)
      unlinked.run(id)
      signOutEverywhere(id)
    },
    disable(id: string): Done {
      if (disabled.run(id).changes === 0 && find(id)) return 'last-owner'
      unlinked.run(id)
      signOutEverywhere(id)
      return 'done'
    },
    enable: (id: string): void => void enabled.run(id),
  }
}
