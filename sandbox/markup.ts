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

/** Ends the policy of every page: no script runs there, and none could make markup of text. */
export const NO_MARKUP = "require-trusted-types-for 'script'; trusted-types 'none'"

type Whole = {
  /** Of its words. */
  language: string
  title: string
  /** Addresses of its style sheets. */
  styles: readonly string[]
  /** `<body>` and what is in it. */
  body: Markup
}

/** A page of a stand-in, whole: nothing of it comes from elsewhere. */
export const wholePage = ({ language, title, styles, body }: Whole): string =>
  html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
${styles.map((href) => html`<link rel="stylesheet" href="${href}">\n`)}</head>
${body}
</html>`.markup
