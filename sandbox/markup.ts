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
