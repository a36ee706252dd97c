import { encode } from 'uqr'
import { type Html, html, trusted } from './html.ts'
import { alertBox, field, type House, layout } from './layout.ts'
import { passkeyForm } from './passkey-pages.ts'

type Coded = {
  hasCodes: boolean
  /** What a passkey is asked to sign; undefined where there is none. */
  request: string | undefined
  error?: string
}

/** The second of two steps: a code, or a passkey. */
export const codePage = (house: House, path: string, { hasCodes, request, error }: Coded): Html =>
  layout(house, {
    title: 'One more step',
    isError: error !== undefined,
    ...(request !== undefined && { hasScript: true }),
    body: html`<h1>One more step</h1><p class="lead">${hasCodes ? 'Enter the code that your authenticator app shows, or one of your recovery codes.' : 'Show your passkey: the school asks its staff for more than a password.'}</p>
${hasCodes && html`<form method="post" action="${path}/code">${field({ name: 'code', label: 'Code', type: 'code', autocomplete: 'one-time-code', error, isFirst: true })}<button>Go on</button></form>`}
${!hasCodes && alertBox(error)}${request !== undefined && passkeyForm({ action: `${path}/code`, options: request, act: 'ask', label: 'Use a passkey', isFirst: !hasCodes })}
<p class="turn">Lost them all? Write to the school, which can let you in again. <a href="${path}">Start again</a></p>`,
  })

const QUIET = 4

/** Squares of one colour on white, whatever the page's own colours are: cameras want it so. */
const picture = (text: string): Html => {
  const { data, size } = encode(text, { border: QUIET, ecc: 'M' })
  const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return trusted(
    `<svg class="code" viewBox="0 0 ${size} ${size}" role="img" aria-label="A picture with the key, for the camera of your authenticator app" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${squares.join('')}"/></svg>`,
  )
}

const inFours = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ')

type SetUp = { uri: string; secret: string; isRequired: boolean; canPasskey: boolean; error?: string | undefined }

export const setUpPage = (house: House, path: string, { uri, secret, isRequired, canPasskey, error }: SetUp): Html =>
  layout(house, {
    title: 'Set up an authenticator app',
    isError: error !== undefined,
    body: html`<h1>Set up an authenticator app</h1><p class="lead">${isRequired ? 'The school asks its staff for more than a password. ' : ''}Take a picture of this with the app, and enter the code it shows.</p>
${picture(uri)}<details class="small"><summary>No camera?</summary><p>Enter this key in the app:</p><p class="key">${inFours(secret)}</p></details>
<form method="post" action="${path}/authenticator">${field({ name: 'code', label: 'Code from the app', type: 'code', autocomplete: 'one-time-code', error, isFirst: true })}<button>Turn it on</button></form>
<p class="turn">${isRequired ? html`${canPasskey && html`Or <a href="${path}/passkey">use a passkey</a> instead. `}<a href="${house.url}/">Not now</a>` : html`<a href="${path}/leave">Back without it</a>`}</p>`,
  })

export const recoveryPage = (house: House, path: string, codes: readonly string[]): Html =>
  layout(house, {
    title: 'Keep these codes',
    body: html`<h1>Keep these codes</h1><p class="lead">Each lets you in once when the app is lost. Print them, or put them where you keep passwords: nobody can show them to you again.</p>
<ul class="codes">${codes.map((code) => html`<li>${code}</li>`)}</ul>
<form method="post" action="${path}/kept"><button>I have kept them</button></form>`,
  })
