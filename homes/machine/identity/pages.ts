import { LEAST_PASSWORD } from '../../least-password.ts'
import { type Html, html, trusted } from './html.ts'
import { alertBox, field, type House, icon, layout } from './layout.ts'
import type { Purpose } from './links.ts'
import { passkeyForm } from './passkey-pages.ts'

export type Faults = Partial<Record<'form' | 'email' | 'name' | 'password', string>>

const hasFaults = (faults: Faults): boolean => Object.values(faults).some((fault) => fault !== undefined)

const PASSWORD_HINT = `At least ${LEAST_PASSWORD} characters. A few unrelated words are good.`

type Typed = { email?: string; name?: string; faults?: Faults }

/** `request`: what a passkey is to sign, where there can be one. `providers`: others by which one may sign in, by their words. */
type Ways = { request?: string | undefined; providers?: ReadonlyMap<string, { name: string }> }

const others = (path: string, { request, providers = new Map() }: Ways): Html =>
  html`${request !== undefined && passkeyForm({ action: `${path}/by-passkey`, options: request, act: 'offer', label: 'Use a passkey' })}
${providers.size > 0 && html`<div class="others">${[...providers].map(([word, { name }]) => html`<a class="button quiet" href="${path}/with?${word}">Go on with ${name}</a>`)}</div>`}`

export const signInPage = (house: House, path: string, { email, faults = {}, ...ways }: Typed & Ways): Html =>
  layout(house, {
    title: 'Sign in',
    isError: hasFaults(faults),
    hasScript: ways.request !== undefined,
    body: html`<h1>Sign in</h1><p class="lead">Go on where you left off.</p>${alertBox(faults.form)}
<form method="post" action="${path}">
${field({ name: 'email', label: 'E-mail', type: 'email', autocomplete: ways.request === undefined ? 'username' : 'username webauthn', value: email, error: faults.email, isFirst: !email })}
${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', error: faults.password, isFirst: Boolean(email), beside: html`<a class="small" href="${path}/forgot">Forgotten it?</a>` })}
<button>Sign in</button></form>${others(path, ways)}<p class="turn">New here? <a href="${path}/create">Create an account</a></p>`,
  })

export const signUpPage = (house: House, path: string, { email, name, faults = {} }: Typed): Html =>
  layout(house, {
    title: 'Create an account',
    isError: hasFaults(faults),
    body: html`<h1>Create an account</h1><p class="lead">Keep your courses, and your place in them.</p>${alertBox(faults.form)}
<form method="post" action="${path}/create">
${field({ name: 'name', label: 'Name', type: 'text', autocomplete: 'name', value: name, error: faults.name, isFirst: true })}
${field({ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', value: email, error: faults.email, hint: 'We send a link there to confirm it.' })}
${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'new-password', error: faults.password, hint: PASSWORD_HINT })}
<button>Create account</button></form><p class="turn">Have an account already? <a href="${path}">Sign in</a></p>`,
  })

export const forgotPage = (house: House, path: string, { email, faults = {} }: Typed): Html =>
  layout(house, {
    title: 'Choose a new password',
    isError: hasFaults(faults),
    body: html`<h1>Forgotten your password?</h1><p class="lead">Tell us your e-mail address, and we send you a link to choose a new one.</p>
<form method="post" action="${path}/forgot">
${field({ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', value: email, error: faults.email, isFirst: true })}
<button>Send the link</button></form><p class="turn">Remembered it? <a href="${path}">Sign in</a></p>`,
  })

const WAITING: Record<Purpose, { lead: (email: string) => Html; onward?: string }> = {
  confirm: {
    lead: (email) => html`We have sent an e-mail to <strong>${email}</strong>. Open its link in this browser, and you are in.`,
    onward: 'I have confirmed it',
  },
  reset: { lead: (email) => html`If there is an account for <strong>${email}</strong>, an e-mail with a link is on its way. The link works for an hour.` },
}

export const checkMailPage = (house: House, path: string, { email, purpose, hasNews }: { email: string; purpose: Purpose; hasNews?: string }): Html => {
  const { lead, onward } = WAITING[purpose]
  return layout(house, {
    title: 'Check your mail',
    body: html`<div class="mark">${icon('letter')}</div><h1>Check your mail</h1><p class="lead">${lead(email)}</p>
${hasNews !== undefined && html`<div class="alert fine" role="status">${icon('done')}<span>${hasNews}</span></div>`}
<div class="stack">${onward !== undefined && html`<a class="button" href="${path}/check-mail?on">${onward}</a>`}<form method="post" action="${path}/again"><button class="quiet">Send it again</button></form></div>
${house.inboxUrl !== undefined && html`<p class="turn">This school’s mail never leaves its machine. <a href="${house.inboxUrl}" target="_blank" rel="noopener">Open its inbox</a>: the letter is there.</p>`}
<p class="turn">Nothing there? Look in the spam folder, or <a href="${path}${purpose === 'confirm' ? '/create' : '/forgot'}">use another address</a>.</p>`,
  })
}

/** Opened elsewhere than where the sign-up began: only who knows its password may confirm it. */
export const confirmPage = (house: House, path: string, { token, email, faults = {} }: { token: string; email: string; faults?: Faults }): Html =>
  layout(house, {
    title: 'Confirm your address',
    isError: hasFaults(faults),
    body: html`<h1>Confirm your address</h1><p class="lead">You began in another browser, or a while ago. Enter the password you chose there, to confirm <strong>${email}</strong>.</p>${alertBox(faults.form)}
<form method="post" action="${path}/confirm"><input type="hidden" name="token" value="${token}"><input class="hush" type="email" name="email" value="${email}" autocomplete="username" readonly tabindex="-1" aria-hidden="true">
${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', error: faults.password, isFirst: true })}
<button>Confirm</button></form><p class="turn">You did not ask for this? Close the page, and nothing happens.</p>`,
  })

export const resetPage = (house: House, path: string, { token, email, faults = {} }: { token: string; email: string; faults?: Faults }): Html =>
  layout(house, {
    title: 'Choose a new password',
    isError: hasFaults(faults),
    body: html`<h1>Choose a new password</h1><p class="lead">For <strong>${email}</strong>. You will be signed out everywhere else.</p>
<form method="post" action="${path}/reset"><input type="hidden" name="token" value="${token}"><input class="hush" type="email" name="email" value="${email}" autocomplete="username" readonly tabindex="-1" aria-hidden="true">
${field({ name: 'password', label: 'New password', type: 'password', autocomplete: 'new-password', error: faults.password, hint: PASSWORD_HINT, isFirst: true })}
<button>Save password</button></form>`,
  })

type Plain = {
  title: string
  icon: 'letter' | 'done' | 'key' | 'wait' | 'lost' | 'door'
  lead: string
  action: { label: string; href: string }
  small?: string | undefined
  isError?: boolean
}

export const plainPage = (house: House, { title, icon: sign, lead, action, small, isError = false }: Plain): Html =>
  layout(house, {
    title,
    isError,
    body: html`<div class="mark">${icon(sign)}</div><h1>${title}</h1><p class="lead">${lead}</p><a class="button" href="${action.href}">${action.label}</a>${small !== undefined && html`<p class="turn small">${small}</p>`}`,
  })

/** `form` is the provider's own, with its secret. */
export const signOutPage = (house: House, form: string): Html =>
  layout(house, {
    title: 'Sign out',
    body: html`<div class="mark">${icon('door')}</div><h1>Sign out?</h1><p class="lead">You can come back at any time; your place is kept.</p>${trusted(form)}
<div class="stack"><button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button><a class="button quiet" href="${house.url}/">Stay signed in</a></div>`,
  })

const inWords = (seconds: number): string => (seconds < 90 ? 'a minute' : seconds < 3300 ? `${Math.ceil(seconds / 60)} minutes` : 'an hour')

export const tooManyPage = (house: House, seconds: number): Html =>
  plainPage(house, {
    title: 'That was a little much',
    icon: 'wait',
    lead: `Too many attempts in a short time. Try again in ${inWords(seconds)}.`,
    action: { label: 'Back to the school', href: `${house.url}/` },
    small: 'This keeps people from guessing passwords. Nothing is wrong with your account.',
    isError: true,
  })

export const expiredPage = (house: House): Html =>
  plainPage(house, {
    title: 'This page has run out',
    icon: 'wait',
    lead: 'The sign-in was finished already, or left open too long. Begin again from the school.',
    action: { label: 'Back to the school', href: `${house.url}/` },
    isError: true,
  })

export const deadLinkPage = (house: House): Html =>
  plainPage(house, {
    title: 'This link has run out',
    icon: 'key',
    lead: 'Links in our e-mails work once, and only for a while. If you have used it already, just sign in; otherwise ask for a new one there.',
    action: { label: 'Back to the school', href: `${house.url}/` },
    isError: true,
  })

export const missingPage = (house: House): Html =>
  plainPage(house, {
    title: 'There is nothing here',
    icon: 'lost',
    lead: 'The address may be mistyped.',
    action: { label: 'Back to the school', href: `${house.url}/` },
    isError: true,
  })

export const errorPage = (house: House, small?: string): Html =>
  plainPage(house, {
    title: 'That did not work',
    icon: 'lost',
    lead: 'We could not sign you in this way. Begin again from the school.',
    action: { label: 'Back to the school', href: `${house.url}/` },
    small,
    isError: true,
  })

export const closedPage = (house: House): Html =>
  plainPage(house, {
    title: 'This account is closed',
    icon: 'door',
    lead: 'Write to the school if you think that is a mistake.',
    action: { label: 'Back to the school', href: `${house.url}/` },
    isError: true,
  })

/** Somebody comes by another provider, and their address has an account with a password. */
export const joinPage = (house: House, path: string, { name, email, faults = {} }: { name: string; email: string; faults?: Faults }): Html =>
  layout(house, {
    title: 'You have an account already',
    isError: hasFaults(faults),
    body: html`<h1>You have an account already</h1><p class="lead"><strong>${email}</strong> has one, with a password. Enter it once, and from then on ${name} lets you in as well.</p>
<form method="post" action="${path}/join"><input class="hush" type="email" name="email" value="${email}" autocomplete="username" readonly tabindex="-1" aria-hidden="true">
${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', error: faults.password, isFirst: true, beside: html`<a class="small" href="${path}/forgot">Forgotten it?</a>` })}
<button>Go on</button></form><p class="turn"><a href="${path}">Sign in in another way</a></p>`,
  })

export const newAddressPage = (house: House, path: string, { token, email }: { token: string; email: string }): Html =>
  layout(house, {
    title: 'Use this address',
    body: html`<h1>Use this address?</h1><p class="lead">From now on you sign in with <strong>${email}</strong>, and the school writes to you there.</p>
<form method="post" action="${path}/new-address"><input type="hidden" name="token" value="${token}"><button>Use this address</button></form>
<p class="turn">You did not ask for this? Close the page, and nothing happens.</p>`,
  })
