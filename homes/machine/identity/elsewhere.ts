import { randomBytes } from 'node:crypto'
import { normalEmail } from '#core/addresses.ts'
import { noteSecurity } from '#core/audit/security.ts'
import { newAway, type OpenIdProvider, type Stranger } from '#vendors/openid/openid.ts'
import { transaction } from '../database.ts'
import type { Desk, Handler, Visit } from './desk.ts'
import { tooMany } from './desk.ts'
import type { Answer } from './http.ts'
import type { Account } from './listing.ts'
import { joinPage } from './pages.ts'
import { isPassword } from './passwords.ts'
import { isEmail } from './people.ts'
import { expiredPage, plainPage } from './plain-pages.ts'
import { providerAdded, tellOf } from './secured.ts'
import { proceed } from './two-step.ts'

const failed = ({ spoken, path }: Visit, name: string, why: 'silent' | 'unvouched' | 'nameless'): Answer => {
  const { elsewhere: says } = spoken.words
  const action = { label: says.otherWay, href: path }
  return { status: 403, page: plainPage(spoken, { title: says.failed(name), icon: 'lost', lead: says[why], action, isError: true }) }
}

/** Leaves for the other provider. Its one answer names this sign-in, which this browser alone holds the cookie of. */
export const showWith: Handler = async (desk, visit) => {
  const word = [...visit.query.keys()][0] ?? ''
  const provider = desk.providers.get(word)
  if (!provider) return { location: visit.path }
  const away = newAway(`${visit.uid}.${randomBytes(16).toString('base64url')}`)
  desk.steps.note(visit.uid, { away: { provider: word, ...away } })
  try {
    return { location: await provider.begin(away) }
  } catch (error) {
    desk.log.warn('another provider does not answer', { provider: provider.name, reason: error instanceof Error ? error.message : String(error) })
    return failed(visit, provider.name, 'silent')
  }
}

/** Whether somebody can sign in to it, in whatever way. */
const isOpened = ({ providerLinks, passkeys }: Desk, { id, password }: Account): boolean =>
  password !== '' || providerLinks.of(id).length > 0 || passkeys.of(id).length > 0

/**
 * Whose account here a stranger's is. By their subject where it is known; else by an address the provider vouches for. One that somebody can sign
 * in to is theirs: an address passes from one person to the next, and each provider has a word of its own for it, so they show the password first,
 * or choose one by a letter. One that was never confirmed is nobody's yet, and what a stranger typed there is thrown away.
 */
const accountFor = (desk: Desk, { issuer, subject, name }: Stranger, email: string): { asks: Account } | { account: Account } => {
  const { people, providerLinks, database } = desk
  const found = people.findByEmail(email)
  if (found?.isVerified && isOpened(desk, found)) return { asks: found }
  return transaction(database, () => {
    if (found && !found.isVerified) people.confirm(found.id, '', name ?? null)
    const made = found ?? people.add({ email, name: name ?? email.split('@')[0] ?? email, password: '', roles: ['learner'], isVerified: true })
    if (made === 'taken') throw new Error('The address was taken at this very moment.')
    providerLinks.add(issuer, subject, made.id)
    const account = people.find(made.id)
    if (!account) throw new Error('The person who was just made is not there.')
    return { account }
  })
}

const arrived = async (desk: Desk, visit: Visit, provider: OpenIdProvider, stranger: Stranger): Promise<Answer | undefined> => {
  const { people, providerLinks, steps } = desk
  const { issuer, subject } = stranger
  const known = providerLinks.accountOf(issuer, subject)
  const account = known === undefined ? undefined : people.find(known)
  if (account) return proceed(desk, visit, account, ['fed'])
  const email = stranger.email === undefined ? '' : normalEmail(stranger.email)
  if (!isEmail(email)) return failed(visit, provider.name, 'unvouched')
  const whose = accountFor(desk, stranger, email)
  if ('account' in whose) return proceed(desk, visit, whose.account, ['fed'])
  steps.note(visit.uid, { joining: { issuer, subject, account: whose.asks.id } })
  return { page: joinPage(visit.spoken, visit.path, { name: provider.name, email }) }
}

/** Back from the other provider, with its answer in the address. */
export const showBack: Handler = async (desk, visit) => {
  const { away } = desk.steps.find(visit.uid)
  const provider = away && desk.providers.get(away.provider)
  if (!away || !provider) return { status: 400, page: expiredPage(visit.spoken) }
  desk.steps.note(visit.uid, { away: undefined })
  const stranger = await provider.finish(visit.query, away)
  if (!stranger) return failed(visit, provider.name, 'nameless')
  return arrived(desk, visit, provider, stranger)
}

/** The password that the account here has shows that both are one person's. */
export const join: Handler = async (desk, visit) => {
  const { people, steps, gate, providerLinks } = desk
  const { joining } = steps.find(visit.uid)
  const account = joining && people.find(joining.account)
  if (!joining || !account) return { status: 400, page: expiredPage(visit.spoken) }
  const wait = await gate.take('signInPerAccount', account.email)
  if (wait !== undefined) return tooMany(desk, visit, wait)
  const name = [...desk.providers.values()].find(({ issuer }) => issuer === joining.issuer)?.name
  if (!(await isPassword(visit.form.get('password') ?? '', account.password))) {
    noteSecurity(desk.log, 'sign-in-refused', { person: account.id, by: ['fed', 'pwd'] })
    return { status: 401, page: joinPage(visit.spoken, visit.path, { name, email: account.email, faults: { password: visit.spoken.words.elsewhere.wrong } }) }
  }
  await gate.forgive('signInPerAccount', account.email)
  steps.note(visit.uid, { joining: undefined })
  if (!account.isDisabled) {
    providerLinks.add(joining.issuer, joining.subject, account.id)
    await tellOf(desk, account, providerAdded(name ?? new URL(joining.issuer).hostname))
  }
  return proceed(desk, visit, account, ['pwd', 'fed'])
}
