import type { IncomingMessage, ServerResponse } from 'node:http'
import { noteSecurity } from '#core/audit/security.ts'
import { type Desk, findInteraction, type Handler, tooMany } from './desk.ts'
import { join, showBack, showWith } from './elsewhere.ts'
import { type Answer, isOwnForm, readForm } from './http.ts'
import { keepLanguage, spokenTo } from './language.ts'
import { confirm, reset, showConfirm, showReset } from './mail-links.ts'
import { newAddress, showNewAddress } from './new-address.ts'
import { addPasskey, showAddPasskey, signInByPasskey } from './passkey-handlers.ts'
import { errorPage, expiredPage, missingPage } from './plain-pages.ts'
import { forgot, sendAgain, showCheckMail, showForgot, showSignIn, showSignUp, signIn, signUp } from './sign-in.ts'
import { authenticator, code, kept, leave, showAuthenticator, showCode } from './two-step.ts'

type Page = { get?: Handler; post?: Handler; needsVisit: boolean }

/** Every page and form of a sign-in, by what follows `/auth/sign-in/<uid>` in its address. */
export const PAGES: Readonly<Record<string, Page>> = {
  '': { get: showSignIn, post: signIn, needsVisit: true },
  '/create': { get: showSignUp, post: signUp, needsVisit: true },
  '/forgot': { get: showForgot, post: forgot, needsVisit: true },
  '/check-mail': { get: showCheckMail, needsVisit: true },
  '/again': { post: sendAgain, needsVisit: true },
  '/code': { get: showCode, post: code, needsVisit: true },
  '/authenticator': { get: showAuthenticator, post: authenticator, needsVisit: true },
  '/kept': { post: kept, needsVisit: true },
  '/leave': { get: leave, needsVisit: true },
  '/by-passkey': { post: signInByPasskey, needsVisit: true },
  '/passkey': { get: showAddPasskey, post: addPasskey, needsVisit: true },
  '/with': { get: showWith, needsVisit: true },
  '/back': { get: showBack, needsVisit: true },
  '/join': { post: join, needsVisit: true },
  // Reached from a letter, perhaps long after, perhaps elsewhere.
  '/confirm': { get: showConfirm, post: confirm, needsVisit: false },
  '/reset': { get: showReset, post: reset, needsVisit: false },
  '/new-address': { get: showNewAddress, post: newAddress, needsVisit: false },
}

export type Asked = { request: IncomingMessage; response: ServerResponse; caller: string; target: URL }

/** One address for every answer of other providers, as they have it written down; the sign-in it belongs to stands in its state. */
const back = ({ searchParams }: URL): Answer | undefined => {
  const uid = /^([\w-]{1,64})\./.exec(searchParams.get('state') ?? '')?.[1]
  return uid === undefined ? undefined : { location: `/auth/sign-in/${uid}/back?${searchParams}` }
}

/** One of our own pages: whose it is, whether it may be asked for at all, and then its handler. */
export const ownPage = async (desk: Desk, { request, response, caller, target }: Asked): Promise<Answer | undefined> => {
  const led = target.pathname === '/auth/back' && request.method === 'GET' ? back(target) : undefined
  if (led) return led
  const [, uid = '', rest = ''] = /^\/auth\/sign-in\/([\w-]{1,64})(\/[a-z-]+)?$/.exec(target.pathname) ?? []
  const page = uid === '' ? undefined : PAGES[rest]
  const handler = request.method === 'POST' ? page?.post : request.method === 'GET' ? page?.get : undefined
  const query = target.searchParams
  const shown = { spoken: spokenTo(desk.house, { request, query }) }
  if (!page || !handler) return { status: page ? 405 : 404, page: missingPage(shown.spoken) }
  const isForm = request.method === 'POST'
  const { failed } = shown.spoken.words
  if (isForm && !isOwnForm(request, new URL(desk.house.url).origin)) {
    noteSecurity(desk.log, 'forged', { what: 'sign-in' })
    return { status: 403, page: errorPage(shown.spoken, failed.foreignForm) }
  }
  const wait = isForm ? await desk.gate.take('formsPerAddress', caller) : undefined
  if (wait !== undefined) return tooMany(desk, shown, wait)
  const form = isForm ? await readForm(request) : new URLSearchParams()
  if (!form) return { status: 400, page: errorPage(shown.spoken, failed.unreadable) }
  const interaction = await findInteraction(desk.provider, request, response, uid)
  if (page.needsVisit && !interaction) return { status: 400, page: expiredPage(shown.spoken) }
  const asked = { request, query, interaction }
  keepLanguage(asked, response, desk.house.url)
  const spoken = spokenTo(desk.house, asked)
  return handler(desk, { ...asked, uid, path: `/auth/sign-in/${uid}`, response, form, caller, spoken })
}
