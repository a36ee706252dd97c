import { type Html, html, trusted } from './html.ts'
import { alertBox, field, type House, layout } from './layout.ts'

type PasskeyForm = {
  action: string
  /** The browser's own request, as JSON. */
  options: string
  /** `ask`: when the button is pressed · `offer`: in the list of the e-mail field as well · `make`: a new one. */
  act: 'ask' | 'offer' | 'make'
  label: string
  isFirst?: boolean
  body?: Html
}

/** Hidden until the script has seen that this browser can: without one there is nothing to press. */
export const passkeyForm = ({ action, options, act, label, isFirst = false, body }: PasskeyForm): Html =>
  html`<form method="post" action="${action}" data-passkey="${act}" data-options="${options}" hidden class="passkey"><input type="hidden" name="response" value="">${body}
<button type="submit"${isFirst ? '' : trusted(' class="quiet"')}>${label}</button><p class="note bad" role="alert" data-fault></p></form>`

type Adding = { options: string; name: string; error?: string | undefined; isRequired: boolean }

export const addPasskeyPage = (house: House, path: string, { options, name, error, isRequired }: Adding): Html =>
  layout(house, {
    title: 'Add a passkey',
    isError: error !== undefined,
    hasScript: true,
    body: html`<h1>Add a passkey</h1><p class="lead">Sign in with your finger, your face or the PIN of this device. There is nothing to remember, and nothing that a false page could take from you.</p>${alertBox(error)}
${passkeyForm({
  ...{ action: `${path}/passkey`, options, act: 'make', label: 'Make the passkey', isFirst: true },
  body: field({ name: 'name', label: 'What to call it', type: 'text', autocomplete: 'off', value: name, hint: 'So that you know it among others.' }),
})}<p class="small" data-without>This browser has no passkeys, or runs no scripts.</p>
<p class="turn">${isRequired ? html`<a href="${path}/authenticator">Use an authenticator app</a> instead.` : html`<a href="${path}/leave">Back without it</a>`}</p>`,
  })
