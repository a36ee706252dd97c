/** Text that is markup already; everything else is escaped. */
export type Markup = { markup: string }

type Value = string | number | Markup | undefined | null | false | Value[]

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const spell = (value: Value): string => {
  if (value === undefined || value === null || value === false) return ''
  if (Array.isArray(value)) return value.map(spell).join('')
  if (typeof value === 'object') return value.markup
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character)
}

export const html = (parts: TemplateStringsArray, ...values: Value[]): Markup => ({
  markup: parts.map((part, place) => part + spell(values[place])).join(''),
})

export const page = ({ title, body }: { title: string; body: Markup }): string =>
  html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/sandbox/github/style.css">
</head>
<body>
<aside class="banner">Stand-in repository: nothing leaves this machine</aside>
${body}
</body>
</html>`.markup

const MOMENT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' })

export const when = (milliseconds: number): Markup =>
  html`<time datetime="${new Date(milliseconds).toISOString()}">${MOMENT.format(new Date(milliseconds))}</time>`

export const short = (oid: string): string => oid.slice(0, 7)
