import { noteSecurity } from '#core/audit/security.ts'
import type { Desk } from './desk.ts'
import { securedLetter } from './letters.ts'
import type { Account } from './listing.ts'

/** A change of what can sign somebody in. `what`: its word in the log, which names nobody · `says`: how their letter puts it. */
type Secured = { what: string; says: string }

/** What this provider tells people of, whether a page, the API or an operator asked for it. */
export const SECURED = {
  authenticatorAdded: { what: 'authenticator.added', says: 'An authenticator app was added to your account' },
  authenticatorRemoved: { what: 'authenticator.removed', says: 'The authenticator app was taken from your account' },
  passkeyAdded: { what: 'passkey.added', says: 'A passkey was added to your account' },
  passkeyRemoved: { what: 'passkey.removed', says: 'A passkey was taken from your account' },
} as const satisfies Record<string, Secured>

export const providerAdded = (name: string): Secured => ({ what: 'provider.added', says: `Signing in with ${name} was added to your account` })

/** A line of the log, and a letter to whom it concerns. */
export const tellOf = (
  { post, ids, house, log }: Pick<Desk, 'post' | 'ids' | 'house' | 'log'>,
  { id, email, name }: Account,
  { what, says }: Secured,
): void => {
  noteSecurity(log, 'secret-changed', { person: id, what })
  post.send(securedLetter(ids.make('ltr'), email, house.schoolName, { name, href: `${house.url}/account`, what: says }))
}
