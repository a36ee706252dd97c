import { isStaff } from '#contract/roles.ts'
import { noteSecurity } from '#core/audit/security.ts'
import type { Desk, Handler, Visit } from './desk.ts'
import { finish, tooMany } from './desk.ts'
import type { Answer } from './http.ts'
import type { Account } from './listing.ts'
import { closedPage, expiredPage } from './plain-pages.ts'
import { newSecret, setUpUri } from './second-factor.ts'
import { SECURED, tellOf } from './secured.ts'
import { codePage, recoveryPage, setUpPage } from './two-step-pages.ts'

/** Whether a first factor is not enough for them: they have a second, or the school's rules lead them to the passkey they have. */
export const needsMore = ({ secondFactors, passkeys, rules }: Pick<Desk, 'secondFactors' | 'passkeys' | 'rules'>, { id, roles }: Account): boolean =>
  secondFactors.isOn(id) || (rules.now().staffNeedSecondFactor && isStaff(roles) && passkeys.of(id).length > 0)

/** After a first factor: in, or on to the second. Nothing but a sign-in with both ends here. */
export const proceed = async (desk: Desk, visit: Visit, account: Account, amr: string[]): Promise<Answer | undefined> => {
  if (account.isDisabled) {
    noteSecurity(desk.log, 'sign-in-refused', { person: account.id, by: amr, code: 'disabled' })
    return { status: 403, page: closedPage(visit.spoken) }
  }
  if (!needsMore(desk, account)) return finish(desk, visit, account.id, amr)
  desk.steps.note(visit.uid, { half: { account: account.id, amr } })
  return { location: `${visit.path}/code` }
}

const halfOf = ({ steps, people }: Desk, { uid }: Visit) => {
  const { half, challenge } = steps.find(uid)
  const account = half && people.find(half.account)
  return half && account && !account.isDisabled ? { half, account, challenge } : undefined
}

/** A challenge for this sign-in, and no other: the last one shown. */
export const newRequest = async ({ passkeys, steps }: Desk, { uid }: Visit): Promise<string | undefined> => {
  if (!passkeys.isPossible) return undefined
  const options = await passkeys.request()
  steps.note(uid, { challenge: options.challenge })
  return JSON.stringify(options)
}

const asked = async (desk: Desk, visit: Visit, account: Account, error?: string): Promise<Answer> => {
  const request = desk.passkeys.of(account.id).length > 0 ? await newRequest(desk, visit) : undefined
  const page = codePage(visit.spoken, visit.path, { hasCodes: desk.secondFactors.isOn(account.id), request, ...(error !== undefined && { error }) })
  return { status: error === undefined ? 200 : 401, page, hasScript: request !== undefined }
}

export const showCode: Handler = async (desk, visit) => {
  const begun = halfOf(desk, visit)
  return begun ? asked(desk, visit, begun.account) : { location: visit.path }
}

export const code: Handler = async (desk, visit) => {
  const begun = halfOf(desk, visit)
  if (!begun) return { status: 400, page: expiredPage(visit.spoken) }
  const { half, account, challenge } = begun
  const wait = await desk.gate.take('codesPerAccount', account.id)
  if (wait !== undefined) return tooMany(desk, visit, wait)
  const response = visit.form.get('response')
  const isShown = response !== null && challenge !== undefined && (await desk.passkeys.whose(challenge, response)) === account.id
  const isTyped = response === null && desk.secondFactors.takes(account.id, visit.form.get('code') ?? '')
  if (!isShown && !isTyped) {
    const { code: says } = visit.spoken.words
    noteSecurity(desk.log, 'second-step-refused', { person: account.id })
    return asked(desk, visit, account, response === null ? says.wrong : says.wrongPasskey)
  }
  await desk.gate.forgive('codesPerAccount', account.id)
  return finish(desk, visit, account.id, [...half.amr, isShown ? 'hwk' : 'otp'])
}

/** Somebody who sets up a way to sign in, and the session they do it in. */
type Setting = NonNullable<ReturnType<typeof settingUp>>

/** Whoever has been led here signed in, not long ago: the provider's own prompt comes after its sign-in. */
export const settingUp = ({ people }: Desk, { interaction }: Visit) => {
  const { session, prompt, params } = interaction ?? {}
  const account = prompt?.name === 'set_up' && session?.accountId !== undefined ? people.find(session.accountId) : undefined
  if (!account || account.isDisabled) return undefined
  // Kept by the provider with the session; `[]` where it is none of ours.
  const amr = Array.isArray(session?.['amr']) ? (session['amr'] as string[]) : []
  return { account, amr, session: session?.uid ?? '', isRequired: params?.['set_up'] === undefined }
}

/** Back to the app, with what was set up or without. It proves nothing anew: the sign-in is as old as it was. */
export const finishSetUp = async (desk: Desk, visit: Visit, { account, session }: Setting, amr: string[]): Promise<undefined> => {
  const { provider, steps, sessions } = desk
  steps.forget(visit.uid)
  const ts = Math.floor(Date.parse(sessions.provenAt(account.id, session) ?? new Date(0).toISOString()) / 1000)
  const login = { accountId: account.id, amr: [...new Set(amr)], ts }
  await provider.interactionFinished(visit.request, visit.response, { set_up: { done: true }, login })
}

const setUpShown = (desk: Desk, visit: Visit, { account, isRequired }: { account: Account; isRequired: boolean }, error?: string): Answer => {
  const { house, steps, passkeys } = desk
  const secret = steps.find(visit.uid).secret ?? newSecret()
  steps.note(visit.uid, { secret })
  const uri = setUpUri(secret, account.email, house.schoolName)
  return {
    status: error === undefined ? 200 : 422,
    page: setUpPage(visit.spoken, visit.path, { uri, secret, isRequired, canPasskey: passkeys.isPossible, error }),
  }
}

export const showAuthenticator: Handler = (desk, visit) => {
  const setting = settingUp(desk, visit)
  return setting ? setUpShown(desk, visit, setting) : { status: 400, page: expiredPage(visit.spoken) }
}

export const authenticator: Handler = async (desk, visit) => {
  const setting = settingUp(desk, visit)
  const { secret } = desk.steps.find(visit.uid)
  if (!setting || secret === undefined) return { status: 400, page: expiredPage(visit.spoken) }
  const { account, amr, session } = setting
  const codes = desk.secondFactors.turnOn(account.id, secret, visit.form.get('code') ?? '')
  if (!codes) return setUpShown(desk, visit, setting, visit.spoken.words.authenticator.wrong)
  // What was opened or begun with less than is asked from now on.
  desk.people.endBegun(account.id)
  desk.sessions.endOthers(account.id, session)
  await tellOf(desk, account, SECURED.authenticatorAdded)
  desk.steps.note(visit.uid, { secret: undefined, half: { account: account.id, amr: [...amr, 'otp'] } })
  return { page: recoveryPage(visit.spoken, visit.path, codes) }
}

export const kept: Handler = (desk, visit) => {
  const [setting, begun] = [settingUp(desk, visit), halfOf(desk, visit)]
  if (!setting || begun?.account.id !== setting.account.id) return { status: 400, page: expiredPage(visit.spoken) }
  return finishSetUp(desk, visit, setting, begun.half.amr)
}

/** Only who came by themselves may leave it. */
export const leave: Handler = (desk, visit) => {
  const setting = settingUp(desk, visit)
  if (!setting || setting.isRequired) return { status: 400, page: expiredPage(visit.spoken) }
  return finishSetUp(desk, visit, setting, setting.amr)
}
