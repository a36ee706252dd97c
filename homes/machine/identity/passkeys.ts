import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import type { DatabaseSync } from 'node:sqlite'
import {
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { Clock } from '#ports/clock.ts'
import type { Passkey } from '#ports/sign-in.ts'
import type { House } from './layout.ts'
import type { Account } from './listing.ts'

type Row = {
  id: string
  account: string
  public_key: Uint8Array<ArrayBuffer>
  counter: number
  transports: string
  name: string
  added: string
  used: string | null
}

const MOST_PASSKEYS = 20

/** A browser's answer, as JSON in a form's field; undefined when it is none. What is in it the library checks. */
const answerIn = <T>(text: string): T | undefined => {
  try {
    const read: unknown = JSON.parse(text)
    // Nothing of it is believed before its signature has been checked.
    return typeof read === 'object' && read !== null && 'id' in read && typeof read.id === 'string' ? (read as T) : undefined
  } catch {
    return undefined
  }
}

/** What the library throws for an answer that is not as it should be; all the same here. */
const orNothing = async <T>(work: Promise<T>): Promise<T | undefined> => work.catch(() => undefined)

export type Passkeys = ReturnType<typeof passkeys>

/** Passkeys (WebAuthn level 3): held by a person's device, which asks for finger, face or PIN, so that one is two factors. */
export const passkeys = ({ database, clock, house }: { database: DatabaseSync; clock: Clock; house: House }) => {
  const { hostname, origin } = new URL(house.url)
  const [rpID, expectedOrigin] = [hostname, origin]
  const ofAccount = database.prepare('SELECT * FROM passkeys WHERE account = ? ORDER BY added, id')
  const byId = database.prepare('SELECT * FROM passkeys WHERE id = ?')
  const insert = database.prepare('INSERT OR IGNORE INTO passkeys (id, account, public_key, counter, transports, name, added) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const used = database.prepare('UPDATE passkeys SET counter = ?, used = ? WHERE id = ?')
  const renamed = database.prepare('UPDATE passkeys SET name = ? WHERE account = ? AND id = ?')
  const gone = database.prepare('DELETE FROM passkeys WHERE account = ? AND id = ?')
  // The columns of a STRICT table.
  const rows = (account: string): Row[] => ofAccount.all(account) as Row[]

  return {
    /** A passkey belongs to a name, and an address of numbers is none (WebAuthn §5.1.2). */
    isPossible: isIP(hostname.replace(/^\[|\]$/g, '')) === 0,
    of: (account: string): Passkey[] => rows(account).map(({ id, name, added, used: at }) => ({ id, name, addedAt: added, usedAt: at ?? undefined })),
    rename: (account: string, id: string, name: string): boolean => renamed.run(name, account, id).changes > 0,
    remove: (account: string, id: string): boolean => gone.run(account, id).changes > 0,
    isFull: (account: string): boolean => rows(account).length >= MOST_PASSKEYS,

    creation: ({ id, email, name }: Account): Promise<PublicKeyCredentialCreationOptionsJSON> =>
      generateRegistrationOptions({
        ...{ rpName: house.schoolName, rpID, userName: email, userDisplayName: name, attestationType: 'none' },
        // No address and no name: a device keeps it where others may read it (WebAuthn §14.6.1).
        userID: new Uint8Array(createHash('sha256').update(`passkey ${id}`).digest()),
        excludeCredentials: rows(id).map((row) => ({ id: row.id, transports: transportsOf(row) })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      }),
    async add(account: string, name: string, { challenge, response }: { challenge: string; response: string }): Promise<boolean> {
      const answer = answerIn<RegistrationResponseJSON>(response)
      if (!answer) return false
      const expected = { expectedChallenge: challenge, expectedOrigin, expectedRPID: rpID, requireUserVerification: true }
      const checked = await orNothing(verifyRegistrationResponse({ response: answer, ...expected }))
      if (!checked?.verified) return false
      const { id, publicKey, counter, transports = [] } = checked.registrationInfo.credential
      return insert.run(id, account, publicKey, counter, JSON.stringify(transports), name, clock.now().toISOString()).changes > 0
    },

    request: (): Promise<PublicKeyCredentialRequestOptionsJSON> => generateAuthenticationOptions({ rpID, userVerification: 'required' }),
    /** Whose passkey has signed that challenge here. */
    async whose(challenge: string, response: string): Promise<string | undefined> {
      const answer = answerIn<AuthenticationResponseJSON>(response)
      // The columns of a STRICT table.
      const row = answer && (byId.get(answer.id) as Row | undefined)
      if (!answer || !row) return undefined
      const credential = { id: row.id, publicKey: row.public_key, counter: row.counter, transports: transportsOf(row) }
      const expected = { expectedChallenge: challenge, expectedOrigin, expectedRPID: rpID, requireUserVerification: true }
      const checked = await orNothing(verifyAuthenticationResponse({ response: answer, credential, ...expected }))
      if (!checked?.verified) return undefined
      used.run(checked.authenticationInfo.newCounter, clock.now().toISOString(), row.id)
      return row.account
    },
  }
}

// Written above, from the library's own list.
const transportsOf = ({ transports }: Row): AuthenticatorTransport[] => JSON.parse(transports)
