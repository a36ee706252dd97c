import type { MessageCompiler, MessageContext } from 'vue-i18n'

/** What compiled messages are given; vue-i18n's public type leaves out all that only its own compiler calls. */
type Whole = MessageContext & { normalize(pieces: unknown[]): string; interpolate(value: unknown): unknown }

type Piece = string | { name: string }

/** `{name}` is a value, `{'@'}` is itself. */
const piecesOf = (text: string): Piece[] =>
  text.split(/(\{[^{}]*\})/).flatMap((part): Piece[] => {
    if (part === '') return []
    const inside = /^\{\s*(.*?)\s*\}$/.exec(part)?.[1]
    if (inside === undefined) return [part]
    const literal = /^'(.*)'$/.exec(inside)?.[1]
    return [literal ?? { name: inside }]
  })

/**
 * vue-i18n's messages as far as our texts use them: values, signs that mean something otherwise, and `one | many`. Its own compiler reads more,
 * and costs every visitor 5 kB; `messages.test.ts` reads every text with both.
 */
export const compileMessage: MessageCompiler = (message) => {
  const cases = String(message)
    .split('|')
    .map((text, _place, { length }) => piecesOf(length > 1 ? text.trim() : text))
  return (given: MessageContext) => {
    // Each message gets the very context that compiled ones get (createMessageContext in @intlify/core-base).
    const context = given as Whole
    const shown = (pieces: Piece[]) =>
      context.normalize(pieces.map((piece) => (typeof piece === 'string' ? piece : context.interpolate(context.named(piece.name)))))
    return cases.length === 1 ? shown(cases[0] ?? []) : context.plural(cases.map(shown))
  }
}
