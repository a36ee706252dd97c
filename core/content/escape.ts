/*
 * Words of a draft or of a file on a page of the repository's service, where a few signs do something: call people, close issues, skip checks, end a comment.
 */

/** Signs that look the same and do nothing. */
const STAND_INS: readonly [what: RegExp, by: string][] = [
  // Whom a text names is told of it.
  [/@(?=[\w-])/g, '＠'],
  // `fixes #1`, `fixes GH-1` and `fixes https://…/issues/1` close what they name once they are merged.
  [/#(?=\d)/g, '＃'],
  [/\bGH-(?=\d)/gi, 'GH‑'],
  [/:\/\//g, ':∕∕'],
  // In the title of a commit these words keep it from being checked.
  [/\[(?=(?:skip|no|ci|actions)[ -](?:ci|skip|actions)\])/gi, '［'],
]

/** On one line, as plain text: the title of a commit and of a pull request. */
export const asPlain = (text: string): string =>
  STAND_INS.reduce((safe, [what, by]) => safe.replace(what, by), text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()

/** On one line, as Markdown that shows exactly these words, also where a line begins with them. */
export const asMarkdown = (text: string): string =>
  asPlain(text)
    .replace(/[\\`*_[\]|~$]/g, '\\$&')
    .replace(/^(\d{1,9})?([-+#=.)])/, '$1\\$2')
    .replace(/\bwww\./gi, (www) => www.replace('.', '\\.'))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')

/** As a span of code: what may be copied and leads nowhere. */
export const asCode = (text: string): string => `\`${text.replace(/[`\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')}\``

const ADDRESS = /(\bhttps?:\/\/[^\s"`|<>]+)/i

/** As Markdown that shows exactly these words, its addresses as code: with other signs in them they would lead nowhere once copied. */
export const asFinding = (text: string): string =>
  text
    .split(ADDRESS)
    // Of what is split by a group, every other piece is the group.
    .map((piece, at) => (at % 2 === 1 ? asCode(piece) : `${/^\s/.test(piece) ? ' ' : ''}${asMarkdown(piece)}${/\s$/.test(piece) ? ' ' : ''}`))
    .join('')
    .trim()
