import { randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { Secret, TOTP } from 'otpauth'
import type { Clock } from '#ports/clock.ts'
import { transaction } from '../database.ts'
import { digest } from './links.ts'

const SECRET_BYTES = 20
const PERIOD_SECONDS = 30
/** One step either way: telephones are not always right about the time (RFC 6238 §5.2). */
const WINDOW = 1
const CODES = 10

/** No letter or digit that is taken for another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

const normal = (typed: string): string => typed.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Ten letters of 31: 49 bits, guessed at five tries in a quarter of an hour. */
const newCode = (): string => {
  const letters: string[] = []
  while (letters.length < 10) {
    for (const byte of randomBytes(16)) {
      // What is above the last whole multiple would make the first letters likelier.
      const letter = byte < ALPHABET.length * 8 ? ALPHABET[byte % ALPHABET.length] : undefined
      if (letter !== undefined && letters.length < 10) letters.push(letter)
    }
  }
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`
}

const totp = (secret: string, label = '', issuer = ''): TOTP =>
  new TOTP({ issuer, label, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS, secret: Secret.fromBase32(secret) })

export const newSecret = (): string => new Secret({ size: SECRET_BYTES }).base32

/** What an authenticator app reads from the picture. */
export const setUpUri = (secret: string, email: string, schoolName: string): string => totp(secret, email, schoolName).toString()

export type SecondFactors = ReturnType<typeof secondFactors>

/** Codes of an authenticator app (RFC 6238), and the codes to recover with when it is lost. */
export const secondFactors = ({ database, clock }: { database: DatabaseSync; clock: Clock }) => {
  const get = database.prepare('SELECT secret, last_step FROM second_factors WHERE account = ?')
  const put = database.prepare('INSERT OR REPLACE INTO second_factors (account, secret, last_step) VALUES (?, ?, ?)')
  const stepped = database.prepare('UPDATE second_factors SET last_step = ? WHERE account = ? AND last_step < ?')
  const gone = database.prepare('DELETE FROM second_factors WHERE account = ?')
  const codesLeft = database.prepare('SELECT count(*) AS n FROM recovery_codes WHERE account = ?')
  const addCode = database.prepare('INSERT INTO recovery_codes (account, hash) VALUES (?, ?)')
  const useCode = database.prepare('DELETE FROM recovery_codes WHERE account = ? AND hash = ?')
  const noCodes = database.prepare('DELETE FROM recovery_codes WHERE account = ?')

  // The columns the statement names, of a STRICT table.
  const find = (account: string) => get.get(account) as { secret: string; last_step: number } | undefined

  /** The time step a code is of; undefined when it is of none near now. */
  const stepOf = (secret: string, code: string): number | undefined => {
    const timestamp = clock.now().getTime()
    const delta = totp(secret).validate({ token: code, timestamp, window: WINDOW })
    return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta
  }

  const renewCodes = (account: string): string[] => {
    const codes = Array.from({ length: CODES }, newCode)
    noCodes.run(account)
    for (const code of codes) addCode.run(account, digest(normal(code)))
    return codes
  }

  return {
    isOn: (account: string): boolean => find(account) !== undefined,
    // The column the statement names.
    codesLeft: (account: string): number => (codesLeft.get(account) as { n: number }).n,
    /** Turned on by a first code that fits; answers the recovery codes, which nobody can read again. */
    turnOn(account: string, secret: string, code: string): string[] | undefined {
      const step = stepOf(secret, normal(code))
      if (step === undefined) return undefined
      return transaction(database, () => {
        put.run(account, secret, step)
        return renewCodes(account)
      })
    },
    /** Whether a code is right; each is so once (RFC 6238 §5.2), a recovery code for ever. */
    takes(account: string, typed: string): boolean {
      const found = find(account)
      const code = normal(typed)
      if (!found) return false
      if (!/^\d{6}$/.test(code)) return useCode.run(account, digest(code)).changes > 0
      const step = stepOf(found.secret, code)
      return step !== undefined && stepped.run(step, account, step).changes > 0
    },
    newCodes: (account: string): string[] | undefined => (find(account) ? transaction(database, () => renewCodes(account)) : undefined),
    turnOff(account: string): void {
      transaction(database, () => {
        gone.run(account)
        noCodes.run(account)
      })
    },
  }
}
