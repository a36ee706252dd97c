import { LEAST_PASSWORD } from '../../least-password.ts'
import { type Html, html, sentence, trusted } from './html.ts'
import { alertBox, field, icon, layout, type Spoken } from './layout.ts'
import type { Purpose } from './links.ts'
import { passkeyForm } from './passkey-pages.ts'

export type Faults = Partial<Record<'form' | 'email' | 'name' | 'password', string>>

const hasFaults = (faults: Faults): boolean => Object.values(faults).some((fault) => fault !== undefined)

const strong = (text: string): Html => html`<strong>${text}</strong>`

type Typed = { email?: string; name?: string; faults?: Faults }

/** `request`: what a passkey is to sign, where there can be one. `providers`: others by which one may sign in, by their words. */
type Ways = { request?: string | undefined; providers?: ReadonlyMap<string, { name: string }> }

const others = (spoken: Spoken, path: string, { request, providers = new Map() }: Ways): Html => {
  const { signIn: says } = spoken.words
  return html`${request !== undefined && passkeyForm(spoken, { action: `${path}/by-passkey`, options: request, act: 'offer', label: says.passkey })}
${providers.size > 0 && html`<div class="others">${[...providers].map(([word, { name }]) => html`<a class="button quiet" href="${path}/with?${word}">${says.goOnWith(name)}</a>`)}</div>`}`
}

export const signInPage = (spoken: Spoken, path: string, { email, faults = {}, ...ways }: Typed & Ways): Html => {
  const { signIn: says, fields } = spoken.words
  return layout(spoken, {
    title: says.title,
    isError: hasFaults(faults),
    hasScript: ways.request !== undefined,
    body: html`<h1>${says.title}</h1><p class="lead">${says.lead}</p>${alertBox(faults.form)}
<form method="post" action="${path}">
${field({ name: 'email', label: fields.email, type: 'email', autocomplete: ways.request === undefined ? 'username' : 'username webauthn', value: email, error: faults.email, isFirst: !email })}
${field({ name: 'password', label: fields.password, type: 'password', autocomplete: 'current-password', error: faults.password, isFirst: Boolean(email), beside: html`<a class="small" href="${path}/forgot">${fields.forgotten}</a>` })}
<button>${says.title}</button></form>${others(spoken, path, ways)}<p class="turn">${says.isNew} <a href="${path}/create">${says.create}</a></p>`,
  })
}

export const signUpPage = (spoken: Spoken, path: string, { email, name, faults = {} }: Typed): Html => {
  const { signUp: says, signIn, fields } = spoken.words
  return layout(spoken, {
    title: says.title,
    isError: hasFaults(faults),
    body: html`<h1>${says.title}</h1><p class="lead">${says.lead}</p>${alertBox(faults.form)}
<form method="post" action="${path}/create">
${field({ name: 'name', label: fields.name, type: 'text', autocomplete: 'name', value: name, error: faults.name, isFirst: true })}
${field({ name: 'email', label: fields.email, type: 'email', autocomplete: 'username', value: email, error: faults.email, hint: says.emailHint })}
${field({ name: 'password', label: fields.password, type: 'password', autocomplete: 'new-password', error: faults.password, hint: fields.passwordHint(LEAST_PASSWORD) })}
<button>${says.create}</button></form><p class="turn">${says.isKnown} <a href="${path}">${signIn.title}</a></p>`,
  })
}

export const forgotPage = (spoken: Spoken, path: string, { email, faults = {} }: Typed): Html => {
  const { forgot: says, signIn, fields } = spoken.words
  return layout(spoken, {
    title: says.title,
    isError: hasFaults(faults),
    body: html`<h1>${says.heading}</h1><p class="lead">${says.lead}</p>
<form method="post" action="${path}/forgot">
${field({ name: 'email', label: fields.email, type: 'email', autocomplete: 'username', value: email, error: faults.email, isFirst: true })}
<button>${says.send}</button></form><p class="turn">${says.remembered} <a href="${path}">${signIn.title}</a></p>`,
  })
}

/** What the page that sends people to their mail says at the moment: that nothing was seen yet, or that it was sent again. */
export type MailNews = 'unseen' | 'sent'

type Awaiting = { email: string; purpose: Purpose; news: MailNews | undefined }

export const checkMailPage = (spoken: Spoken, path: string, { email, purpose, news }: Awaiting): Html => {
  const { house, words } = spoken
  const { checkMail: says } = words
  const isConfirming = purpose === 'confirm'
  return layout(spoken, {
    title: says.title,
    body: html`<div class="mark">${icon('letter')}</div><h1>${says.title}</h1><p class="lead">${sentence(says[purpose], strong(email))}</p>
${news !== undefined && html`<div class="alert fine" role="status">${icon('done')}<span>${says[news]}</span></div>`}
<div class="stack">${isConfirming && html`<a class="button" href="${path}/check-mail?on">${says.confirmed}</a>`}<form method="post" action="${path}/again"><button class="quiet">${says.again}</button></form></div>
${house.inboxUrl !== undefined && html`<p class="turn">${sentence(says.inbox, html`<a href="${house.inboxUrl}" target="_blank" rel="noopener">${says.openInbox}</a>`)}</p>`}
<p class="turn">${sentence(says.nothing, html`<a href="${path}${isConfirming ? '/create' : '/forgot'}">${says.useAnother}</a>`)}</p>`,
  })
}

/** A link that was opened: what it carries, and whose it is. */
type Opened = { token: string; email: string; faults?: Faults }

const hidden = ({ token, email }: Opened): Html =>
  html`<input type="hidden" name="token" value="${token}"><input class="hush" type="email" name="email" value="${email}" autocomplete="username" readonly tabindex="-1" aria-hidden="true">`

/** Opened elsewhere than where the sign-up began: only who knows its password may confirm it. */
export const confirmPage = (spoken: Spoken, path: string, opened: Opened): Html => {
  const { confirm: says, fields, frame } = spoken.words
  const { email, faults = {} } = opened
  return layout(spoken, {
    title: says.title,
    isError: hasFaults(faults),
    body: html`<h1>${says.title}</h1><p class="lead">${sentence(says.lead, strong(email))}</p>${alertBox(faults.form)}
<form method="post" action="${path}/confirm">${hidden(opened)}
${field({ name: 'password', label: fields.password, type: 'password', autocomplete: 'current-password', error: faults.password, isFirst: true })}
<button>${says.confirm}</button></form><p class="turn">${frame.notYou}</p>`,
  })
}

export const resetPage = (spoken: Spoken, path: string, opened: Opened): Html => {
  const { reset: says, fields } = spoken.words
  const { email, faults = {} } = opened
  return layout(spoken, {
    title: says.title,
    isError: hasFaults(faults),
    body: html`<h1>${says.title}</h1><p class="lead">${sentence(says.lead, strong(email))}</p>
<form method="post" action="${path}/reset">${hidden(opened)}
${field({ name: 'password', label: says.password, type: 'password', autocomplete: 'new-password', error: faults.password, hint: fields.passwordHint(LEAST_PASSWORD), isFirst: true })}
<button>${says.save}</button></form>`,
  })
}

/** `form` is the provider's own, with its secret. */
export const signOutPage = (spoken: Spoken, form: string): Html => {
  const { signOut: says } = spoken.words
  return layout(spoken, {
    title: says.title,
    body: html`<div class="mark">${icon('door')}</div><h1>${says.heading}</h1><p class="lead">${says.lead}</p>${trusted(form)}
<div class="stack"><button type="submit" form="op.logoutForm" name="logout" value="yes">${says.title}</button><a class="button quiet" href="${spoken.house.url}/">${says.stay}</a></div>`,
  })
}

/** Somebody comes by another provider, and their address has an account that somebody can sign in to, perhaps with no password so far. */
export const joinPage = (spoken: Spoken, path: string, { name, email, faults = {} }: { name: string | undefined; email: string; faults?: Faults }): Html => {
  const { elsewhere: says, fields } = spoken.words
  return layout(spoken, {
    title: says.joinTitle,
    isError: hasFaults(faults),
    body: html`<h1>${says.joinTitle}</h1><p class="lead">${sentence((address) => says.join(address, name ?? says.it), strong(email))}</p>
<form method="post" action="${path}/join"><input class="hush" type="email" name="email" value="${email}" autocomplete="username" readonly tabindex="-1" aria-hidden="true">
${field({ name: 'password', label: fields.password, type: 'password', autocomplete: 'current-password', error: faults.password, hint: says.joinHint(fields.forgotten), isFirst: true, beside: html`<a class="small" href="${path}/forgot">${fields.forgotten}</a>` })}
<button>${says.goOn}</button></form><p class="turn"><a href="${path}">${says.otherWay}</a></p>`,
  })
}

export const newAddressPage = (spoken: Spoken, path: string, { token, email }: { token: string; email: string }): Html => {
  const { newAddress: says, frame } = spoken.words
  return layout(spoken, {
    title: says.title,
    body: html`<h1>${says.heading}</h1><p class="lead">${sentence(says.lead, strong(email))}</p>
<form method="post" action="${path}/new-address"><input type="hidden" name="token" value="${token}"><button>${says.title}</button></form>
<p class="turn">${frame.notYou}</p>`,
  })
}
