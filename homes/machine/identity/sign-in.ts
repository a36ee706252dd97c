import { normalEmail } from '#core/addresses.ts'
import { noteSecurity } from '#core/audit/security.ts'
import { transaction } from '../database.ts'
import { type Desk, type Handler, sendAwaited, tooMany, type Visit } from './desk.ts'
import { type Answer, ownPath } from './http.ts'
import type { Wait } from './links.ts'
import { checkMailPage, type Faults, forgotPage, signInPage, signUpPage } from './pages.ts'
import { hashPassword, isPassword, passwordFault, weakness } from './passwords.ts'
import { isEmail } from './people.ts'
import { newRequest, proceed } from './two-step.ts'

const MOST_NAME = 80

const typedEmail = ({ form }: Visit): string => normalEmail(form.get('email') ?? '')

const returnTo = ({ house }: Desk, { interaction }: Visit): string => ownPath(interaction?.params['return_to'], house.url)

const hinted = ({ interaction }: Visit): string => {
  const hint = interaction?.params['login_hint']
  return typeof hint === 'string' && isEmail(normalEmail(hint)) ? normalEmail(hint) : ''
}

/** The page, with a fresh challenge for a passkey. */
const signInAnswer = async (desk: Desk, visit: Visit, typed: { email: string; faults?: Faults }, status = 200): Promise<Answer> => {
  const request = await newRequest(desk, visit)
  return { status, page: signInPage(visit.spoken, visit.path, { ...typed, request, providers: desk.providers }), hasScript: request !== undefined }
}

/** Whichever page the provider means: it knows one address for all of them. */
export const showSignIn: Handler = (desk, visit) => {
  if (visit.query.has('new')) return { location: `${visit.path}/create` }
  if (visit.query.has('authenticator')) return { location: `${visit.path}/authenticator` }
  if (visit.query.has('passkey')) return { location: `${visit.path}/passkey` }
  return signInAnswer(desk, visit, { email: hinted(visit) })
}

export const signIn: Handler = async (desk, visit) => {
  const { people, gate, waits, log } = desk
  const [email, password] = [typedEmail(visit), visit.form.get('password') ?? '']
  if (!isEmail(email)) return signInAnswer(desk, visit, { email, faults: { email: visit.spoken.words.faults.noEmail } }, 422)
  const wait = await gate.take('signInPerAccount', email)
  if (wait !== undefined) return tooMany(desk, visit, wait)
  const account = people.findByEmail(email)
  const isRight = await isPassword(password, account?.password)
  if (!account || !isRight) {
    noteSecurity(log, 'sign-in-refused', { by: ['pwd'], ...(account && { person: account.id }) })
    return signInAnswer(desk, visit, { email, faults: { password: visit.spoken.words.signIn.wrong } }, 401)
  }
  await gate.forgive('signInPerAccount', email)
  if (account.isVerified || account.isDisabled) return proceed(desk, visit, account, ['pwd'])
  waits.put(visit.uid, { email, purpose: 'confirm', name: account.name, password: account.password, returnTo: returnTo(desk, visit) })
  return { location: `${visit.path}/check-mail` }
}

export const showSignUp: Handler = (_, visit) => ({ page: signUpPage(visit.spoken, visit.path, { email: hinted(visit) }) })

export const signUp: Handler = async (desk, visit) => {
  const { people, gate, waits, database, house } = desk
  const { spoken } = visit
  const { faults: says } = spoken.words
  const [email, name, password] = [
    typedEmail(visit),
    (visit.form.get('name') ?? '')
      .normalize('NFC')
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim(),
    visit.form.get('password') ?? '',
  ]
  const fault = passwordFault(password, email, spoken.words)
  const faults = {
    ...(!isEmail(email) && { email: says.noEmail }),
    ...(name === '' && { name: says.noName }),
    ...(name.length > MOST_NAME && { name: says.tooLong(MOST_NAME) }),
    ...(fault !== undefined && { password: fault }),
  }
  if (Object.keys(faults).length > 0) return { status: 422, page: signUpPage(spoken, visit.path, { email, name, faults }) }
  const tooOften = await gate.take('signUpPerAddress', visit.caller)
  if (tooOften !== undefined) return tooMany(desk, visit, tooOften)
  const weak = await weakness(password, { email, name, schoolName: house.schoolName }, spoken.words)
  if (weak !== undefined) return { status: 422, page: signUpPage(spoken, visit.path, { email, name, faults: { password: weak } }) }
  const wait = await gate.take('lettersPerAccount', `confirm:${email}`)
  if (wait !== undefined) return tooMany(desk, visit, wait)
  const hash = await hashPassword(password)
  const awaited: Wait = { email, purpose: 'confirm', name, password: hash, returnTo: returnTo(desk, visit) }
  // The same writes whether the address is known or not: neither the answer nor its time tells.
  transaction(database, () => {
    const made = people.add({ email, name, password: hash, roles: ['learner'], isVerified: false })
    const known = made === 'taken' ? people.findByEmail(email) : undefined
    if (known) people.redraft(known.id, name, hash)
    waits.put(visit.uid, awaited)
    sendAwaited(desk, visit, awaited)
  })
  return { location: `${visit.path}/check-mail` }
}

export const showForgot: Handler = (_, visit) => ({ page: forgotPage(visit.spoken, visit.path, { email: hinted(visit) }) })

export const forgot: Handler = async (desk, visit) => {
  const { spoken } = visit
  const email = typedEmail(visit)
  if (!isEmail(email)) return { status: 422, page: forgotPage(spoken, visit.path, { email, faults: { email: spoken.words.faults.noEmail } }) }
  const wait = await desk.gate.take('lettersPerAccount', `reset:${email}`)
  if (wait !== undefined) return tooMany(desk, visit, wait)
  const awaited: Wait = { email, purpose: 'reset', name: null, password: null, returnTo: returnTo(desk, visit) }
  desk.waits.put(visit.uid, awaited)
  desk.later(() => sendAwaited(desk, visit, awaited))
  return { location: `${visit.path}/check-mail` }
}

/** `?on`: the link was opened elsewhere, and this browser, where the very same password was typed, would like to go on. */
export const showCheckMail: Handler = async (desk, visit) => {
  const { waits, people } = desk
  const wait = waits.find(visit.uid)
  if (!wait) return { location: visit.path }
  const isAsking = visit.query.has('on')
  if (isAsking && wait.purpose === 'confirm' && wait.password !== null) {
    const account = people.findByEmail(wait.email)
    if (account?.isVerified && !account.isDisabled && account.password === wait.password) return proceed(desk, visit, account, ['pwd'])
  }
  const news = isAsking ? 'unseen' : visit.query.has('sent') ? 'sent' : undefined
  return { page: checkMailPage(visit.spoken, visit.path, { email: wait.email, purpose: wait.purpose, news }) }
}

export const sendAgain: Handler = async (desk, visit) => {
  const awaited = desk.waits.find(visit.uid)
  if (!awaited) return { location: visit.path }
  const wait = await desk.gate.take('lettersPerAccount', `${awaited.purpose}:${awaited.email}`)
  if (wait !== undefined) return tooMany(desk, visit, wait)
  desk.later(() => sendAwaited(desk, visit, awaited))
  return { location: `${visit.path}/check-mail?sent` }
}
