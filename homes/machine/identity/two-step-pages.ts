import { encode } from 'uqr'
import { type Html, html, sentence } from './html.ts'
import { alertBox, field, layout, type Spoken } from './layout.ts'
import { passkeyForm } from './passkey-pages.ts'

type Coded = {
  hasCodes: boolean
  /** What a passkey is asked to sign; undefined where there is none. */
  request: string | undefined
  error?: string
}

/** The second of two steps: a code, or a passkey. */
export const codePage = (spoken: Spoken, path: string, { hasCodes, request, error }: Coded): Html => {
  const { code: says, signIn } = spoken.words
  return layout(spoken, {
    title: says.title,
    isError: error !== undefined,
    ...(request !== undefined && { hasScript: true }),
    body: html`<h1>${says.title}</h1><p class="lead">${hasCodes ? says.lead : says.passkeyLead}</p>
${hasCodes && html`<form method="post" action="${path}/code">${field({ name: 'code', label: says.code, type: 'code', autocomplete: 'one-time-code', error, isFirst: true })}<button>${says.goOn}</button></form>`}
${!hasCodes && alertBox(error)}${request !== undefined && passkeyForm(spoken, { action: `${path}/code`, options: request, act: 'ask', label: signIn.passkey, isFirst: !hasCodes })}
<p class="turn">${says.lost} <a href="${path}">${says.startAgain}</a></p>`,
  })
}

const QUIET = 4

/** Squares of one colour on white, whatever the page's own colours are: cameras want it so. */
const picture = (text: string, label: string): Html => {
  const { data, size } = encode(text, { border: QUIET, ecc: 'M' })
  const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return html`<svg class="code" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${squares.join('')}"/></svg>`
}

const inFours = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ')

type SetUp = { uri: string; secret: string; isRequired: boolean; canPasskey: boolean; error?: string | undefined }

export const setUpPage = (spoken: Spoken, path: string, { uri, secret, isRequired, canPasskey, error }: SetUp): Html => {
  const { authenticator: says } = spoken.words
  const toPasskey = html`${sentence(says.orPasskey, html`<a href="${path}/passkey">${says.usePasskey}</a>`)} `
  return layout(spoken, {
    title: says.title,
    isError: error !== undefined,
    body: html`<h1>${says.title}</h1><p class="lead">${isRequired && `${says.required} `}${says.lead}</p>
${picture(uri, says.picture)}<details class="small"><summary>${says.noCamera}</summary><p>${says.enterKey}</p><p class="key">${inFours(secret)}</p></details>
<form method="post" action="${path}/authenticator">${field({ name: 'code', label: says.code, type: 'code', autocomplete: 'one-time-code', error, isFirst: true })}<button>${says.turnOn}</button></form>
<p class="turn">${isRequired ? html`${canPasskey && toPasskey}<a href="${spoken.house.url}/">${says.notNow}</a>` : html`<a href="${path}/leave">${says.without}</a>`}</p>`,
  })
}

export const recoveryPage = (spoken: Spoken, path: string, codes: readonly string[]): Html => {
  const { recovery: says } = spoken.words
  return layout(spoken, {
    title: says.title,
    body: html`<h1>${says.title}</h1><p class="lead">${says.lead}</p>
<ul class="codes">${codes.map((code) => html`<li>${code}</li>`)}</ul>
<form method="post" action="${path}/kept"><button>${says.kept}</button></form>`,
  })
}
