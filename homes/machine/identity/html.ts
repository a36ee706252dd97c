/** Markup that is safe to send: every value put into it was escaped, unless it was markup itself. */
export type Html = { readonly markup: string }

type Piece = Html | string | number | false | undefined | readonly Html[]

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '')

const written = (piece: Piece): string => {
  if (piece === undefined || piece === false) return ''
  if (typeof piece === 'string' || typeof piece === 'number') return escaped(String(piece))
  return 'markup' in piece ? piece.markup : piece.map(({ markup }) => markup).join('')
}

export const html = (strings: TemplateStringsArray, ...pieces: Piece[]): Html => ({ markup: String.raw({ raw: strings.raw }, ...pieces.map(written)) })

/** Never typed by anybody: where in a sentence its value stands. */
const GAP = '\u0000'

/** A sentence with markup in the place of its value. */
export const sentence = (says: (value: string) => string, value: Html): Html => {
  const [before, ...after] = says(GAP).split(GAP)
  return html`${before}${value}${after.join('')}`
}

/** Markup from elsewhere that is known to be safe. */
export const trusted = (markup: string): Html => ({ markup })
