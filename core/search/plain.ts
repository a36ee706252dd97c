const FENCE = /^\s*(?:`{3,}|~{3,})/
const RULE = /^\s*(?:[-*_]\s*){3,}$/
const TABLE_RULE = /^[\s|:-]*-[\s|:-]*$/
/** What stands before the words of a line: quotes, callouts, headings, list marks, boxes of tasks. */
const BEFORE = /^(?:\s*(?:>|#{1,6}\s|[-*+]\s|\d{1,9}[.)]\s|\[[ xX]\]\s|\[![A-Za-z]{1,20}\]|\[\^[^\]]{1,100}\]:\s|:{3,}\s?[a-z-]{0,20}))+/
const DEFINITION = /^\s{0,3}\[(?!\^)[^\]]{1,200}\]:\s/
const LINK = /!?\[([^[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)/g
const NAMED_LINK = /!?\[([^[\]]+)\](?:\[[^[\]]*\])?/g
const NOTE = /\[\^[^\]]{1,100}\]/g
const EDGES = /(?<![\p{L}\p{N}\\])[*_~`]+|(?<!\\)[*_~`]+(?![\p{L}\p{N}])/gu
const ESCAPE = /\\([!-/:-@[-`{-~])/g
/** Spelled entities that people write; others stay as they are. */
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' }

const lineOf = (line: string): string =>
  line
    .replace(BEFORE, '')
    .replaceAll(LINK, '$1')
    .replaceAll(NOTE, '')
    .replaceAll(NAMED_LINK, '$1')
    .replaceAll(EDGES, '')
    .replaceAll(ESCAPE, '$1')
    .replaceAll(/&([a-z]{2,4});/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replaceAll('|', ' ')

/**
 * The words of a Markdown text, for searching: close to what is read, and never shown as more than text. What a page makes of Markdown is
 * the web's to say; code stays as it is, since people look for it.
 */
export const plainOf = (markdown: string): string => {
  const lines: string[] = []
  let isCode = false
  for (const line of markdown.split('\n')) {
    if (FENCE.test(line)) isCode = !isCode
    else if (isCode) lines.push(line)
    else if (!RULE.test(line) && !TABLE_RULE.test(line) && !DEFINITION.test(line)) lines.push(lineOf(line))
  }
  return lines
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}
