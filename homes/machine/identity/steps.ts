import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '#ports/clock.ts'

/** What one sign-in has come to so far, kept here and never in the page. */
export type Step = {
  /** Whoever has shown the first of two factors, and which. */
  half?: { account: string; amr: string[] }
  /** The key of an authenticator app that is being set up. */
  secret?: string
  /** What a passkey is to sign. */
  challenge?: string
  /** What was said to another provider. */
  away?: { provider: string; verifier: string; nonce: string; state: string }
  /** Another provider's account, which waits for the password of the one here that has its address. */
  joining?: { issuer: string; subject: string; account: string }
}

/** As long as a code may take that has to be looked for. */
const MINUTES = 30

export type Steps = ReturnType<typeof steps>

export const steps = ({ database, clock }: { database: DatabaseSync; clock: Clock }) => {
  const get = database.prepare('SELECT step FROM steps WHERE uid = ? AND expires > ?')
  const put = database.prepare('INSERT OR REPLACE INTO steps (uid, step, expires) VALUES (?, ?, ?)')
  const gone = database.prepare('DELETE FROM steps WHERE uid = ? OR expires <= ?')
  const find = (uid: string): Step => {
    // The column the statement names, written below.
    const row = get.get(uid, clock.now().getTime()) as { step: string } | undefined
    return row ? JSON.parse(row.step) : {}
  }
  return {
    find,
    /** Adds to it, or takes away what is undefined. */
    note(uid: string, more: { [K in keyof Step]?: Step[K] | undefined }): void {
      put.run(uid, JSON.stringify({ ...find(uid), ...more }), clock.now().getTime() + MINUTES * 60_000)
    },
    forget: (uid: string): void => void gone.run(uid, clock.now().getTime()),
  }
}
