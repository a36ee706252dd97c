import { randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '#ports/clock.ts'
import { transaction } from '../database.ts'
import { digest } from './links.ts'
import type { People } from './people.ts'

export const CHANGE_HOURS = 24

export type Addresses = ReturnType<typeof addresses>
export type Change = { account: string; email: string }

/** Addresses that people have asked for and not yet confirmed: the last one each. */
export const addresses = ({ database, clock, people }: { database: DatabaseSync; clock: Clock; people: People }) => {
  const put = database.prepare('INSERT OR REPLACE INTO address_changes (account, email, hash, expires) VALUES (?, ?, ?, ?)')
  const pending = database.prepare('SELECT email FROM address_changes WHERE account = ? AND expires > ?')
  const byHash = database.prepare('SELECT account, email FROM address_changes WHERE hash = ? AND expires > ?')
  const gone = database.prepare('DELETE FROM address_changes WHERE account = ?')
  const now = (): number => clock.now().getTime()
  // The columns the statement names, of a STRICT table.
  const find = (token: string): Change | undefined => byHash.get(digest(token), now()) as Change | undefined
  return {
    /** Answers the token of the link that confirms it. */
    ask(account: string, email: string): string {
      const token = randomBytes(32).toString('base64url')
      put.run(account, email, digest(token), now() + CHANGE_HOURS * 3_600_000)
      return token
    },
    // The column the statement names.
    pendingOf: (account: string): string | undefined => (pending.get(account, now()) as { email: string } | undefined)?.email,
    find,
    drop: (account: string): void => void gone.run(account),
    /** The change, made; undefined where the link is none, or the address has become somebody's. */
    confirm: (token: string): Change | undefined =>
      transaction(database, () => {
        const change = find(token)
        if (!change) return undefined
        gone.run(change.account)
        return people.setEmail(change.account, change.email) ? change : undefined
      }),
  }
}
