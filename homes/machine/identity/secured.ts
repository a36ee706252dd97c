import { noteSecurity } from '#core/audit/security.ts'
import type { Desk } from './desk.ts'
import { type SecuredWords, securedLetter } from './letters.ts'
import type { Account } from './listing.ts'

/** A change of what can sign somebody in. `what`: its word in the log, which names nobody · `says`: how their letter puts it. */
type Secured = { what: string; says: (words: SecuredWords) => string }

/** What this provider tells people of, whether a page, the API or an operator asked for it. */
export const SECURED = {
  authenticatorAdded: { what: 'authenticator.added', says: (words) => words.authenticatorAdded },
  authenticatorRemoved: { what: 'authenticator.removed', says: (words) => words.authenticatorRemoved },
  passkeyAdded: { what: 'passkey.added', says: (words) => words.passkeyAdded },
  passkeyRemoved: { what: 'passkey.removed', says: (words) => words.passkeyRemoved },
} as const satisfies Record<string, Secured>

export const providerAdded = (name: string): Secured => ({ what: 'provider.added', says: (words) => words.providerAdded(name) })

/** A line of the log, and a letter to whom it concerns. */
export const tellOf = async (
  { post, ids, house, log, languageOf }: Pick<Desk, 'post' | 'ids' | 'house' | 'log' | 'languageOf'>,
  { id, email, name }: Account,
  { what, says }: Secured,
): Promise<void> => {
  noteSecurity(log, 'secret-changed', { person: id, what })
  const told = { name, href: `${house.url}/account`, language: await languageOf(id), says }
  post.send(securedLetter(ids.make('ltr'), email, house.schoolName, told))
}
