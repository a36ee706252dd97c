import { type Html, html, sentence, trusted } from './html.ts'
import { alertBox, field, layout, type Spoken } from './layout.ts'

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
export const passkeyForm = ({ words: { passkey: says } }: Spoken, { action, options, act, label, isFirst = false, body }: PasskeyForm): Html =>
  html`<form method="post" action="${action}" data-passkey="${act}" data-options="${options}" data-failed="${says.failed}" data-there="${says.isThere}" hidden class="passkey"><input type="hidden" name="response" value="">${body}
<button type="submit"${isFirst ? '' : trusted(' class="quiet"')}>${label}</button><p class="note bad" role="alert" data-fault></p></form>`

type Adding = { options: string; name: string; error?: string | undefined; isRequired: boolean }

export const addPasskeyPage = (spoken: Spoken, path: string, { options, name, error, isRequired }: Adding): Html => {
  const { passkey: says } = spoken.words
  const toApp = sentence(says.orApp, html`<a href="${path}/authenticator">${says.useApp}</a>`)
  return layout(spoken, {
    title: says.title,
    isError: error !== undefined,
    hasScript: true,
    body: html`<h1>${says.title}</h1><p class="lead">${says.lead}</p>${alertBox(error)}
${passkeyForm(spoken, {
  ...{ action: `${path}/passkey`, options, act: 'make', label: says.make, isFirst: true },
  body: field({ name: 'name', label: says.name, type: 'text', autocomplete: 'off', value: name, hint: says.nameHint }),
})}<p class="small" data-without>${says.impossible}</p>
<p class="turn">${isRequired ? toApp : html`<a href="${path}/leave">${says.without}</a>`}</p>`,
  })
}
