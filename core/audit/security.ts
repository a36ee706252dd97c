import type { contract } from '#contract/contract.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import type { Log } from '#ports/log.ts'

/** What is logged of safety, whoever does it: a line each, with ids and codes and nothing that names anybody. */
export type SecurityEvent = 'signed-in' | 'sign-in-refused' | 'second-step-refused' | 'refused' | 'secret-changed' | 'bounds-held' | 'forged'

/** @param of ids and closed words alone: a person's id, how they signed in, an endpoint, a code. Never an address or a name. */
export const noteSecurity = (log: Log, security: SecurityEvent, of: { person?: string; by?: readonly string[]; what?: string; code?: string }): void =>
  log[security === 'signed-in' || security === 'secret-changed' ? 'info' : 'warn'](`security: ${security}`, { security, ...of })

/** Of what is refused, what somebody would see who tries doors: somebody else's things answer as missing ones do. */
const DOORS: ReadonlySet<RefusalCode> = new Set<RefusalCode>(['not-allowed', 'not-in-scope', 'not-found', 'sign-in-again', 'wrong-password'])

export const isTriedDoor = (code: RefusalCode, isKnown: boolean): boolean => (isKnown ? DOORS.has(code) : code === 'not-signed-in')

type Contract = typeof contract
type Endpoint = { [Feature in keyof Contract]: `${Feature}.${keyof Contract[Feature] & string}` }[keyof Contract]

/**
 * What changes a secret, a way in, or who may do what. Taking a second factor away is not among them: whoever keeps them writes that line, as when
 * one is added on the provider's pages.
 */
const SECRETS: ReadonlySet<string> = new Set<Endpoint>([
  ...(['accounts.changeEmail', 'accounts.changePassword', 'accounts.endSession', 'accounts.endSessions'] as const),
  ...(['accounts.newRecoveryCodes', 'accounts.unlink', 'accounts.putSignInRules', 'accounts.inviteStaff', 'accounts.join'] as const),
  ...(['people.setRoles', 'people.disable', 'people.signOut', 'helpers.add', 'helpers.change', 'helpers.remove', 'tokens.create', 'tokens.revoke'] as const),
  ...(['webhooks.create', 'webhooks.renewSecret', 'webhooks.remove', 'alerts.silence', 'alerts.unsilence'] as const),
])

export const isSecret = (endpoint: string): boolean => SECRETS.has(endpoint)
