import type { MarkdownIt, StateBlock, StateInline, Token } from 'markdown-it'
import { type Reader, readerIn } from './reading.ts'

const MOST_NOTES = 500
const DEFINITION = /^\[\^([\p{L}\p{N}_-]{1,40})\]:[ \t]+(\S.*)$/u
const REFERENCE = /\[\^([\p{L}\p{N}_-]{1,40})\]/uy

/** `[^name]: its words`, and the lines indented below it. */
const define = (state: StateBlock, startLine: number, endLine: number, isSilent: boolean): boolean => {
  if (state.parentType !== 'root' || (state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false
  const lineOf = (line: number): string => state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line] ?? 0)
  const [, name, first] = DEFINITION.exec(lineOf(startLine)) ?? []
  if (name === undefined || first === undefined) return false
  if (isSilent) return true
  const words = [first]
  let line = startLine + 1
  for (; line < endLine && !state.isEmpty(line) && (state.sCount[line] ?? 0) >= 2; line += 1) words.push(lineOf(line))
  const { notes } = readerIn(state.env)
  // The first of a name counts, as with the addresses of links.
  if (!notes.has(name) && notes.size < MOST_NOTES) notes.set(name, { text: words.join('\n') })
  state.line = line
  return true
}

const refer = (state: StateInline, isSilent: boolean): boolean => {
  REFERENCE.lastIndex = state.pos
  const [whole, name] = REFERENCE.exec(state.src) ?? []
  // Once each, and not in a note itself: every number has one way back.
  const { notes, isInNote } = readerIn(state.env)
  const note = name === undefined ? undefined : notes.get(name)
  if (!note || note.number !== undefined || whole === undefined || isInNote) return false
  if (!isSilent) {
    note.number = [...notes.values()].filter(({ number }) => number !== undefined).length + 1
    state.push('note_mark', '', 0).info = String(note.number)
  }
  state.pos += whole.length
  return true
}

/** The notes that something refers to, in the order of their numbers. */
const written = (md: MarkdownIt, reader: Reader): string => {
  const { prefix, words, notes } = reader
  const used = [...notes.values()].filter(({ number }) => number !== undefined).sort((a, b) => (a.number ?? 0) - (b.number ?? 0))
  if (used.length === 0) return ''
  const env: Reader = { ...reader, isInNote: true }
  const rows = used.map(({ text, number }) => {
    const tokens: Token[] = []
    md.inline.parse(text, md, env, tokens)
    const back = `<a href="#${prefix}ref-${number}" aria-label="${md.utils.escapeHtml(words.backToText)}">↩</a>`
    return `<li id="${prefix}note-${number}">${md.renderer.renderInline(tokens, md.options, env)} ${back}</li>`
  })
  return `<section class="notes" aria-label="${md.utils.escapeHtml(words.footnotes)}"><ol>\n${rows.join('\n')}\n</ol></section>\n`
}

export const footnotes = (md: MarkdownIt): void => {
  md.block.ruler.before('reference', 'note', define, { alt: [] })
  md.inline.ruler.before('link', 'note_mark', refer)
  md.core.ruler.after('inline', 'notes', (state) => {
    const token = new state.Token('notes', '', 0)
    token.block = true
    token.content = written(md, readerIn(state.env))
    state.tokens.push(token)
  })
  md.renderer.rules['note_mark'] = (tokens, at, _options, env) => {
    const { prefix, words } = readerIn(env)
    const number = Number(tokens[at]?.info)
    return `<sup><a id="${prefix}ref-${number}" href="#${prefix}note-${number}" aria-label="${md.utils.escapeHtml(words.footnote(number))}">${number}</a></sup>`
  }
  md.renderer.rules['notes'] = (tokens, at) => tokens[at]?.content ?? ''
}
