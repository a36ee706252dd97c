import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it'
import { readerIn } from './reading.ts'

const MOST_CHARACTERS = 2000

/** Where the closing sign stands; a sign after a backslash is one of the formula's. */
const closing = (text: string, { from, sign, most }: { from: number; sign: string; most: number }): number => {
  for (let at = from; at < Math.min(most, from + MOST_CHARACTERS); at += 1) {
    if (text[at] === '\\') at += 1
    else if (text.startsWith(sign, at)) return at
  }
  return -1
}

/** `$5 and US$`: a number and a word. */
const PRICE = /^\d[\d.,]*[,;:]?\s+\p{L}{2}/u

/** `$…$`: no space inside the signs, no digit after them, so that prices stay prices. */
const inline = (state: StateInline, isSilent: boolean): boolean => {
  if (state.src[state.pos] !== '$') return false
  const sign = state.src.startsWith('$$', state.pos) ? '$$' : '$'
  const from = state.pos + sign.length
  const end = closing(state.src, { from, sign, most: state.posMax })
  if (end <= from) return false
  const [formula, next] = [state.src.slice(from, end), state.src[end + sign.length] ?? '']
  if (sign === '$' && (/^\s|\s$/.test(formula) || /\d/.test(next) || PRICE.test(formula))) return false
  if (!isSilent) {
    const token = state.push('formula', '', 0)
    token.content = formula
  }
  state.pos = end + sign.length
  return true
}

/** Lines between `$$` and `$$`. */
const block = (state: StateBlock, startLine: number, endLine: number, isSilent: boolean): boolean => {
  const lineOf = (line: number): string => state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line] ?? 0)
  const first = lineOf(startLine)
  if (!first.startsWith('$$') || (state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false
  const alone = /^\$\$(.+)\$\$\s*$/.exec(first)
  if (!alone && first.slice(2).includes('$$')) return false
  const lines = [alone?.[1] ?? first.slice(2)]
  let line = startLine
  let isOpen = !alone
  while (isOpen) {
    line += 1
    if (line >= endLine || (state.sCount[line] ?? 0) < state.blkIndent) return false
    const text = lineOf(line)
    isOpen = !text.trimEnd().endsWith('$$')
    lines.push(isOpen ? text : text.trimEnd().slice(0, -2))
  }
  const formula = lines.join('\n').trim()
  if (formula === '' || formula.length > MOST_CHARACTERS) return false
  if (isSilent) return true
  const token = state.push('formula_block', '', 0)
  token.block = true
  token.content = formula
  token.map = [startLine, line + 1]
  state.line = line + 1
  return true
}

export const maths = (md: MarkdownIt): void => {
  const { escapeHtml } = md.utils
  md.inline.ruler.after('escape', 'formula', inline)
  md.block.ruler.before('fence', 'formula_block', block, { alt: ['paragraph', 'reference', 'blockquote', 'list'] })
  md.renderer.rules['formula'] = (tokens, at, _options, env) => {
    const formula = tokens[at]?.content ?? ''
    return readerIn(env).typeset?.(formula, false) ?? `<code class="formula">${escapeHtml(formula)}</code>`
  }
  md.renderer.rules['formula_block'] = (tokens, at, _options, env) => {
    const formula = tokens[at]?.content ?? ''
    const shown = readerIn(env).typeset?.(formula, true) ?? `<code class="formula">${escapeHtml(formula)}</code>`
    return `<div class="formula-block" tabindex="0">${shown}</div>\n`
  }
}
