import { noteSecurity } from '#core/audit/security.ts'
import type { Handler } from './desk.ts'
import { finish, tooMany } from './desk.ts'
import { signInPage } from './pages.ts'
import { addPasskeyPage } from './passkey-pages.ts'
import { closedPage, expiredPage } from './plain-pages.ts'
import { SECURED, tellOf } from './secured.ts'
import { finishSetUp, newRequest, settingUp } from './two-step.ts'

const tidyName = (typed: string): string =>
  typed
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 60)

/** A name to begin with: the system it is made on. */
const nameFrom = (device: string): string | undefined => /iPhone|iPad|Android|Macintosh|Windows|Linux/.exec(device)?.[0]?.replace('Macintosh', 'Mac')

/** Signing in by a passkey alone: it was asked for finger, face or PIN, so nothing more is. */
export const signInByPasskey: Handler = async (desk, visit) => {
  const { people, passkeys, steps, gate, log } = desk
  const { challenge } = steps.find(visit.uid)
  steps.note(visit.uid, { challenge: undefined })
  const wait = await gate.take('formsPerAddress', `passkey ${visit.caller}`)
  if (wait !== undefined) return tooMany(desk, visit, wait)
  const whose = challenge === undefined ? undefined : await passkeys.whose(challenge, visit.form.get('response') ?? '')
  const account = whose === undefined ? undefined : people.find(whose)
  if (!account) {
    noteSecurity(log, 'sign-in-refused', { by: ['hwk'] })
    const request = await newRequest(desk, visit)
    const faults = { form: visit.spoken.words.signIn.unknownPasskey }
    return { status: 401, page: signInPage(visit.spoken, visit.path, { faults, request, providers: desk.providers }), hasScript: request !== undefined }
  }
  if (account.isDisabled) return { status: 403, page: closedPage(visit.spoken) }
  return finish(desk, visit, account.id, ['hwk'])
}

export const showAddPasskey: Handler = async (desk, visit) => {
  const { passkeys, steps } = desk
  const { passkey: says } = visit.spoken.words
  const setting = settingUp(desk, visit)
  if (!setting || !passkeys.isPossible || passkeys.isFull(setting.account.id)) return { status: 400, page: expiredPage(visit.spoken) }
  const options = await passkeys.creation(setting.account)
  steps.note(visit.uid, { challenge: options.challenge })
  const name = nameFrom(visit.request.headers['user-agent'] ?? '') ?? says.unnamed
  const error = visit.query.has('again') ? says.failed : undefined
  return { page: addPasskeyPage(visit.spoken, visit.path, { options: JSON.stringify(options), name, error, isRequired: setting.isRequired }), hasScript: true }
}

export const addPasskey: Handler = async (desk, visit) => {
  const setting = settingUp(desk, visit)
  const { challenge } = desk.steps.find(visit.uid)
  if (!setting || challenge === undefined) return { status: 400, page: expiredPage(visit.spoken) }
  desk.steps.note(visit.uid, { challenge: undefined })
  const { account, amr } = setting
  const name = tidyName(visit.form.get('name') ?? '') || visit.spoken.words.passkey.unnamed
  const isAdded = await desk.passkeys.add(account.id, name, { challenge, response: visit.form.get('response') ?? '' })
  if (!isAdded) return { location: `${visit.path}/passkey?again` }
  await tellOf(desk, account, SECURED.passkeyAdded)
  return finishSetUp(desk, visit, setting, [...amr, 'hwk'])
}
