import type { RefusalCode } from '#contract/refusals.ts'
import type { Log } from '#ports/log.ts'

/** What is logged of safety, whoever does it: a line each, with ids and codes and nothing that names anybody. */
export type SecurityEvent = 'signed-in' | 'sign-in-refused' | 'second-step-refused' | 'refused' | 'secret-changed' | 'bounds-held'

/** @param of ids and closed words alone: a person's id, how they signed in, an endpoint, a code. Never an address or a name. */
export const noteSecurity = (log: Log, security: SecurityEvent, of: { person?: string; by?: readonly string[]; what?: string; code?: string }): void =>
  log[security === 'signed-in' || security === 'secret-changed' ? 'info' : 'warn'](`security: ${security}`, { security, ...of })

/** Of what is refused, what somebody would see who tries doors: somebody else's things answer as missing ones do. */
const DOORS: ReadonlySet<RefusalCode> = new Set<RefusalCode>(['not-allowed', 'not-in-scope', 'not-found', 'sign-in-again', 'wrong-password'])

export const isTriedDoor = (code: RefusalCode, isKnown: boolean): boolean => (isKnown ? DOORS.has(code) : code === 'not-signed-in')

/** What changes a secret, a way in, or who may do what. */
const SECRETS: ReadonlySet<string> = new Set([
  ...['accounts.changeEmail', 'accounts.changePassword', 'accounts.endSession', 'accounts.endSessions', 'accounts.removeSecondFactor'],
  ...['accounts.newRecoveryCodes', 'accounts.removePasskey', 'accounts.unlink', 'accounts.putSignInRules', 'accounts.inviteStaff', 'accounts.join'],
  ...['people.setRoles', 'people.disable', 'helpers.add', 'helpers.change', 'helpers.remove', 'tokens.create', 'tokens.revoke'],
  ...['webhooks.create', 'webhooks.renewSecret', 'webhooks.remove', 'alerts.silence', 'alerts.speak'],
])

export const isSecret = (endpoint: string): boolean => SECRETS.has(endpoint)
