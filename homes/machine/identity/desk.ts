import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DatabaseSync } from 'node:sqlite'
import type { Provider } from 'oidc-provider'
import { SessionNotFound } from 'oidc-provider/lib/helpers/errors.js'
import type { LetterLanguage } from '#contract/notifications.ts'
import { noteSecurity } from '#core/audit/security.ts'
import type { Ids } from '#ports/clock.ts'
import type { Log } from '#ports/log.ts'
import type { OpenIdProvider } from '#vendors/openid/openid.ts'
import type { Addresses } from './addresses.ts'
import type { Answer } from './http.ts'
import { languageFor } from './language.ts'
import type { House, Spoken } from './layout.ts'
import { confirmLetter, knownLetter, resetLetter } from './letters.ts'
import type { Gate } from './limits.ts'
import type { Links, Wait, Waits } from './links.ts'
import type { Account } from './listing.ts'
import type { Passkeys } from './passkeys.ts'
import type { People } from './people.ts'
import { tooManyPage } from './plain-pages.ts'
import type { Post } from './post.ts'
import { SESSION_SECONDS } from './provider.ts'
import type { ProviderLinks } from './provider-links.ts'
import type { Rules } from './rules.ts'
import type { SecondFactors } from './second-factor.ts'
import type { Sessions } from './sessions.ts'
import type { Steps } from './steps.ts'

export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

/** What the pages work with. */
export type Desk = {
  house: House
  database: DatabaseSync
  provider: Provider
  people: People
  links: Links
  waits: Waits
  gate: Gate
  post: Post
  steps: Steps
  sessions: Sessions
  secondFactors: SecondFactors
  passkeys: Passkeys
  addresses: Addresses
  providerLinks: ProviderLinks
  rules: Rules
  /** Others by which people may sign in, by the word in their addresses. */
  providers: ReadonlyMap<string, OpenIdProvider>
  /** In which language somebody with an account is written to. */
  languageOf(person: string): Promise<LetterLanguage>
  ids: Ids
  log: Log
  /** Runs after the answer has gone, so that how long it takes tells nothing. */
  later(work: () => void): void
}

/** One request within a sign-in. `interaction` is there when this browser began it and has not finished. */
export type Visit = {
  uid: string
  /** `/auth/sign-in/<uid>`: every page of this sign-in lies below it. */
  path: string
  request: IncomingMessage
  response: ServerResponse
  query: URLSearchParams
  form: URLSearchParams
  caller: string
  interaction: Interaction | undefined
  /** What its pages are written with. */
  spoken: Spoken
}

export type Handler = (desk: Desk, visit: Visit) => Promise<Answer | undefined> | Answer

export const findInteraction = async (
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  uid: string,
): Promise<Interaction | undefined> => {
  try {
    const interaction = await provider.interactionDetails(request, response)
    return interaction.uid === uid ? interaction : undefined
  } catch (error) {
    if (error instanceof SessionNotFound) return undefined
    throw error
  }
}

export const tooMany = ({ log }: Desk, { spoken }: Pick<Visit, 'spoken'>, seconds: number): Answer => {
  noteSecurity(log, 'bounds-held', { what: 'sign-in' })
  return { status: 429, page: tooManyPage(spoken, seconds), retryAfterSeconds: seconds }
}

/**
 * Ends the sign-in, proven at this moment however late its browser goes on: the provider sends the browser back to the app with its code. `amr`: how
 * somebody has shown who they are, in the words of RFC 8176; `fed` is ours, for another provider's word.
 */
export const finish = async ({ provider, log, steps }: Desk, { uid, request, response }: Visit, accountId: string, amr: string[]): Promise<undefined> => {
  noteSecurity(log, 'signed-in', { person: accountId, by: amr })
  steps.forget(uid)
  await provider.interactionFinished(request, response, { login: { accountId, amr, ts: Math.floor(Date.now() / 1000) }, create: {} })
}

/** Signs this browser in where there is no sign-in to end, for whoever came by a letter's link with the password: the app's next one passes at once. */
export const openSession = async ({ provider, log }: Desk, { request, response }: Visit, accountId: string): Promise<void> => {
  const context = provider.createContext(request, response)
  const before = await provider.Session.get(context)
  if (before.accountId !== undefined) await before.destroy()
  const session = new provider.Session()
  session.loginAccount({ accountId, amr: ['pwd'] })
  await session.save(SESSION_SECONDS)
  const expires = new Date(session.exp * 1000)
  context.cookies.set(provider.cookieName('session'), session.jti, { httpOnly: true, sameSite: 'lax', signed: true, path: '/auth', expires })
  noteSecurity(log, 'signed-in', { person: accountId, by: ['pwd'] })
}

type Request = { uid: string; wait: Wait; account: Account; language: LetterLanguage }

/** Its page speaks the letter's language, wherever it is opened. */
const linkTo = ({ house, links }: Desk, { uid, wait, account, language }: Request, kind: 'confirm' | 'reset'): string => {
  const drafted = kind === 'confirm' ? { name: wait.name, password: wait.password } : { name: null, password: null }
  const token = links.make({ kind, account: account.id, ...drafted, visit: uid, returnTo: wait.returnTo })
  return `${house.url}/auth/sign-in/${uid}/${kind}?token=${token}&ui_locales=${language}`
}

/** Sends what someone waits for to the address's owner, if there is one: to confirm it, to choose a new password, or that they are known already. */
export const sendAwaited = (desk: Desk, visit: Visit, wait: Wait): void => {
  const { people, post, ids, house } = desk
  const account = people.findByEmail(wait.email)
  if (!account || account.isDisabled) return
  const language = languageFor(visit)
  const request: Request = { uid: visit.uid, wait, account, language }
  const [id, { name, email }] = [ids.make('ltr'), account]
  if (wait.purpose === 'reset') post.send(resetLetter(id, email, house.schoolName, { language, name, href: linkTo(desk, request, 'reset') }))
  else if (account.isVerified) post.send(knownLetter(id, email, house.schoolName, { language, name, href: linkTo(desk, request, 'reset') }))
  else post.send(confirmLetter(id, email, house.schoolName, { language, href: linkTo(desk, request, 'confirm') }))
}
