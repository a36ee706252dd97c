import { escapeHtml } from '#core/html.ts'
import type { Known } from './known.ts'

type Told = { school: string; at: string; account: Record<string, unknown>; known: readonly Known[] }

const STYLE =
  'body{font:16px/1.55 system-ui,sans-serif;max-width:72ch;margin:2rem auto;padding:0 1rem;color-scheme:light dark}h1{line-height:1.2}summary{cursor:pointer;padding:.4rem 0;font-weight:600}dl{margin:0 0 1rem;padding:.75rem 1rem;border:1px solid #8884;border-radius:.5rem}dt{font-size:.8rem;opacity:.7}dd{margin:0 0 .4rem;overflow-wrap:anywhere;white-space:pre-wrap}p.why{opacity:.8}'

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 1))

const fields = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return `<dl><dd>${escapeHtml(text(value))}</dd></dl>`
  const rows = Object.entries(value).flatMap(([name, each]) => (each === undefined ? [] : [`<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(text(each))}</dd>`]))
  return `<dl>${rows.join('')}</dl>`
}

const section = (what: string, all: readonly Known[]): string => {
  const [first] = all
  const shown = all.filter(({ value }) => value !== undefined)
  const others = all.length - shown.length
  const named = others > 0 ? `<p class="why">In ${others} more you are named; they are somebody else’s.</p>` : ''
  const why = first?.because === undefined ? '' : `<p class="why">Kept when you leave, under a pseudonym. ${escapeHtml(first.because)}</p>`
  return `<details><summary>${escapeHtml(what)} (${all.length})</summary>${why}${named}${shown.map(({ value }) => fields(value)).join('')}</details>`
}

/** What somebody is handed, to be read in any browser without a network. */
export const pageOf = ({ school, at, account, known }: Told): string => {
  const groups = Map.groupBy(known, ({ what }) => what)
  const sections = [...groups].toSorted(([one], [other]) => one.localeCompare(other)).map(([what, all]) => section(what, all))
  return `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>What ${escapeHtml(school)} knows of you</title><style>${STYLE}</style></head>
<body><h1>What ${escapeHtml(school)} knows of you</h1><p>Gathered on ${escapeHtml(at)}. The same lies beside this page as <code>data.json</code>, for programs, and files you have handed in lie in <code>files</code>.</p>
<h2>Your account</h2>${fields(account)}<h2>Everything else</h2>${sections.join('\n')}</body></html>
`
}
