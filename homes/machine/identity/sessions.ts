import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '#ports/clock.ts'
import type { OpenSession } from '#ports/sign-in.ts'
import { networkOf } from './limits.ts'

const LONGEST_DEVICE = 300

/** Enough to know one's own network again, too little to find a house by; nothing of a browser on this very machine. */
export const placeOf = (caller: string): string => {
  const plain = caller.replace(/^::ffff:/, '')
  if (plain === '::1' || plain.startsWith('127.')) return ''
  if (isIPv6(plain)) return `${networkOf(plain).split(':').slice(0, 3).join(':')}::`
  return plain.replace(/\.\d+$/, '.x')
}

type Row = { uid: string; payload: string; device: string | null; network: string | null; since: string | null; used: string | null }
/** What of a session's payload is read here. */
type Payload = { loginTs?: number; iat?: number; amr?: string[]; authorizations?: Record<string, { grantId?: string }> }
// As the provider has written it.
const payloadOf = ({ payload }: Pick<Row, 'payload'>): Payload => JSON.parse(payload) as Payload

const iso = (seconds: number | undefined): string => new Date((seconds ?? 0) * 1000).toISOString()
const seconds = (): number => Math.floor(Date.now() / 1000)

/** Whether more was shown than a first factor; a passkey stands for two. */
export const hasSecond = (amr: readonly string[]): boolean => amr.includes('otp') || amr.includes('hwk')

const sessionOf = ({ uid, payload, device, network, since, used }: Row): OpenSession => {
  const began = iso(payloadOf({ payload }).loginTs)
  return { id: uid, device: device ?? '', network: network ?? '', since: since ?? began, usedAt: used ?? began }
}

export type Sessions = ReturnType<typeof sessions>

/** The browsers people are signed in with: the provider's own rows, and beside each what it was seen from last. */
export const sessions = ({ database, clock }: { database: DatabaseSync; clock: Clock }) => {
  const open = `model = 'Session' AND account = ? AND (expires IS NULL OR expires > ?)`
  const ofAccount = database.prepare(
    `SELECT oidc.uid, payload, device, network, since, used FROM oidc LEFT JOIN sessions ON sessions.uid = oidc.uid WHERE ${open} ORDER BY coalesce(used, '') DESC`,
  )
  const one = database.prepare(`SELECT uid, payload FROM oidc WHERE ${open} AND uid = ?`)
  const seen = database.prepare(
    `INSERT INTO sessions (uid, device, network, since, used) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (uid) DO UPDATE SET device = excluded.device, network = excluded.network, used = excluded.used`,
  )
  const known = database.prepare('SELECT 1 FROM sessions WHERE uid = ?')
  const tidy = database.prepare("DELETE FROM sessions WHERE uid NOT IN (SELECT uid FROM oidc WHERE model = 'Session' AND uid IS NOT NULL)")
  const byGrant = database.prepare('DELETE FROM oidc WHERE grant_id = ?')
  const grant = database.prepare("DELETE FROM oidc WHERE model = 'Grant' AND id = ?")
  const gone = database.prepare("DELETE FROM oidc WHERE model = 'Session' AND uid = ?")

  const find = (account: string, uid: string): Payload | undefined => {
    // The columns the statement names, of a STRICT table.
    const row = one.get(account, seconds(), uid) as { payload: string } | undefined
    return row && payloadOf(row)
  }
  const rows = (account: string): Row[] =>
    // The columns the statement names.
    ofAccount.all(account, seconds()) as Row[]

  const end = (account: string, uid: string): boolean => {
    const payload = find(account, uid)
    if (!payload) return false
    for (const grantId of Object.values(payload.authorizations ?? {}).flatMap((each) => each.grantId ?? [])) {
      byGrant.run(grantId)
      grant.run(grantId)
    }
    gone.run(uid)
    return true
  }
  const endThose = (account: string, isMeant: (row: Row) => boolean): void => {
    for (const row of rows(account)) if (isMeant(row)) end(account, row.uid)
  }

  return {
    /** Told at each sign-in and each renewal. */
    seen(uid: string, { headers }: IncomingMessage, caller: string): void {
      const now = clock.now().toISOString()
      if (known.get(uid) === undefined) tidy.run()
      seen.run(uid, (headers['user-agent'] ?? '').slice(0, LONGEST_DEVICE), placeOf(caller), now, now)
    },
    /** When this session's person last showed who they are. */
    provenAt: (account: string, uid: string): string | undefined => ((found) => found && iso(found.loginTs))(find(account, uid)),
    isTwoFactor: (account: string, uid: string): boolean => hasSecond(find(account, uid)?.amr ?? []),
    of: (account: string): OpenSession[] => rows(account).map(sessionOf),
    end,
    /** A code or a refresh token came a second time, and nobody can tell whose the first was (RFC 6749 §4.1.2, RFC 9700 §4.14.2). */
    endOfGrant: (grantId: string): void => void byGrant.run(grantId),
    endOthers: (account: string, keep: string): void => endThose(account, ({ uid }) => uid !== keep),
    /** Ends those in which a second factor was never shown. */
    endOfOneFactor: (account: string): void => endThose(account, (row) => !hasSecond(payloadOf(row).amr ?? [])),
  }
}
