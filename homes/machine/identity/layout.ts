import { createHash } from 'node:crypto'
import { type Html, html, trusted } from './html.ts'
import { STYLE } from './style.ts'
import type { Words } from './words/en.ts'

/** What every page knows of the school. `inboxUrl`: where mail goes that never leaves this machine. */
export type House = { schoolName: string; url: string; inboxUrl?: string }

/** The school, in the language of whoever a page is for. */
export type Spoken = { house: House; words: Words }

const ICONS = {
  letter: '<path d="M3 6.5h18v11H3z"/><path d="m3.5 7 8.5 6.5L20.5 7"/>',
  done: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
  key: '<circle cx="8" cy="15" r="4"/><path d="m11 12 8.5-8.5M16 7l3 3"/>',
  wait: '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
  lost: '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5v5.5M12 16.2v.3"/>',
  door: '<path d="M14 4H6v16h8"/><path d="M10.5 12H21m-3.5-3.5L21 12l-3.5 3.5"/>',
} as const
export type Icon = keyof typeof ICONS

export const icon = (name: Icon): Html => trusted(`<svg viewBox="0 0 24 24" aria-hidden="true">${ICONS[name]}</svg>`)

/** Arcs about one corner, a little different for every school. */
const art = (schoolName: string): Html => {
  const chance = createHash('sha256').update(schoolName).digest()
  const arcs = Array.from({ length: 13 }, (_, ring) => {
    const byte = chance[ring] ?? 0
    const radius = 110 + ring * 52
    const round = 2 * Math.PI * radius
    const drawn = round * (0.1 + (byte / 255) * 0.16)
    return `<circle cx="520" cy="820" r="${radius}" stroke-width="${1 + (byte % 3)}" stroke-opacity="${(0.16 + (byte % 5) * 0.07).toFixed(2)}" stroke-dasharray="${drawn.toFixed(0)} ${(round - drawn).toFixed(0)}" stroke-dashoffset="${(-round * (0.46 + ((byte >> 3) / 32) * 0.14)).toFixed(0)}"/><circle cx="520" cy="820" r="${radius}" stroke-width="1" stroke-opacity=".09"/>`
  })
  return trusted(`<svg viewBox="0 0 520 820" preserveAspectRatio="xMaxYMax slice" aria-hidden="true">${arcs.join('')}</svg>`)
}

/** `hasScript`: the one there is, for passkeys; its answer says so too, in its policy. */
export type Sheet = { title: string; isError?: boolean; hasScript?: boolean; body: Html }

export const SCRIPT = '/auth/passkeys.js'

export const layout = ({ house: { schoolName, url }, words: { frame } }: Spoken, { title, isError, hasScript, body }: Sheet): Html => html`<!doctype html>
<html lang="${frame.lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${isError ? frame.error(title) : title} · ${schoolName}</title><link rel="preload" href="/auth/inter.woff2" as="font" type="font/woff2" crossorigin><style>${trusted(STYLE)}</style>${hasScript && trusted(`<script src="${SCRIPT}" defer></script>`)}</head>
<body><div class="frame"><header class="side">${art(schoolName)}<a class="school" href="${url}/"><span aria-hidden="true">${(schoolName.replace(/^the\s+/i, '').at(0) ?? 'L').toUpperCase()}</span>${schoolName}</a>
<p class="motto" aria-hidden="true">${frame.motto}</p></header><main>${body}</main></div></body></html>
`

export const alertBox = (text: string | undefined): Html | undefined =>
  text === undefined ? undefined : html`<div class="alert" role="alert">${icon('lost')}<span>${text}</span></div>`

export type Field = {
  name: string
  label: string
  type: 'email' | 'password' | 'text' | 'code'
  autocomplete: string
  value?: string | undefined
  /** Said below the field while nothing is wrong with it. */
  hint?: string
  error?: string | undefined
  isFirst?: boolean
  beside?: Html
}

const SIZES: Record<Field['type'], Html> = {
  password: trusted(' maxlength="200"'),
  email: trusted(' maxlength="254" inputmode="email" autocapitalize="none" spellcheck="false"'),
  text: trusted(' maxlength="80"'),
  code: trusted(' maxlength="20" autocapitalize="none" spellcheck="false"'),
}

/** A labelled field with room kept for what may be wrong with it, so that nothing moves when something is. */
export const field = ({ name, label, type, autocomplete, value, hint, error, isFirst, beside }: Field): Html => {
  return html`<div class="field"><div class="row"><label for="${name}">${label}</label>${beside}</div>
<input id="${name}" name="${name}" type="${type === 'code' ? 'text' : type}" autocomplete="${autocomplete}" value="${value ?? ''}" required${SIZES[type]} aria-describedby="${name}-note"${error !== undefined && trusted(' aria-invalid="true"')}${isFirst && trusted(' autofocus')}>
<p class="note${error !== undefined && ' bad'}" id="${name}-note">${error ?? hint ?? ''}</p></div>`
}
