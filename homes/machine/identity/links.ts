import { createHash, randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '#ports/clock.ts'

export type LinkKind = 'confirm' | 'reset'

/** What a link in a letter stands for. `visit` is the sign-in it was asked for in; `returnTo` where the person was before. */
export type Link = { kind: LinkKind; account: string; name: string | null; password: string | null; visit: string; returnTo: string }

type Row = Omit<Link, 'returnTo'> & { return_to: string }

export const LINK_HOURS: Record<LinkKind, number> = { confirm: 24, reset: 1 }

/** Of a secret that is kept as what it hashes to alone. */
export const digest = (token: string): string => createHash('sha256').update(token).digest('hex')

export type Links = ReturnType<typeof links>

/** One-time links: only their hash is kept, they run out, and using one (through `people.confirm`) ends all of that account's. */
export const links = ({ database, clock }: { database: DatabaseSync; clock: Clock }) => {
  const insert = database.prepare('INSERT INTO links (hash, kind, account, name, password, visit, return_to, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const byHash = database.prepare('SELECT kind, account, name, password, visit, return_to FROM links WHERE hash = ? AND kind = ? AND expires > ?')
  const tidy = database.prepare('DELETE FROM links WHERE expires <= ?')
  return {
    make({ kind, account, name, password, visit, returnTo }: Link): string {
      const token = randomBytes(32).toString('base64url')
      const now = clock.now().getTime()
      tidy.run(now)
      insert.run(digest(token), kind, account, name, password, visit, returnTo, now + LINK_HOURS[kind] * 3_600_000)
      return token
    },
    find(kind: LinkKind, token: string): Link | undefined {
      // The columns the statement names, of a STRICT table.
      const row = byHash.get(digest(token), kind, clock.now().getTime()) as Row | undefined
      return row && { kind: row.kind, account: row.account, name: row.name, password: row.password, visit: row.visit, returnTo: row.return_to }
    },
  }
}

export type Purpose = 'confirm' | 'reset'

/** What one browser asked for in one sign-in, so that the page "check your mail" can send it again. */
export type Wait = { email: string; purpose: Purpose; name: string | null; password: string | null; returnTo: string }

const WAIT_HOURS = 24

export type Waits = ReturnType<typeof waits>

export const waits = ({ database, clock }: { database: DatabaseSync; clock: Clock }) => {
  const put = database.prepare('INSERT OR REPLACE INTO visits (uid, email, purpose, name, password, return_to, expires) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const get = database.prepare('SELECT email, purpose, name, password, return_to FROM visits WHERE uid = ? AND expires > ?')
  const tidy = database.prepare('DELETE FROM visits WHERE expires <= ?')
  return {
    put(uid: string, { email, purpose, name, password, returnTo }: Wait): void {
      const now = clock.now().getTime()
      tidy.run(now)
      put.run(uid, email, purpose, name, password, returnTo, now + WAIT_HOURS * 3_600_000)
    },
    find(uid: string): Wait | undefined {
      // The columns the statement names, of a STRICT table.
      const row = get.get(uid, clock.now().getTime()) as (Omit<Wait, 'returnTo'> & { return_to: string }) | undefined
      return row && { email: row.email, purpose: row.purpose, name: row.name, password: row.password, returnTo: row.return_to }
    },
  }
}
