import markdownIt, { type MarkdownIt } from 'markdown-it'
import { isElsewhere, isLinkable } from './addresses.ts'
import { anchors } from './anchors.ts'
import { callouts } from './callouts.ts'
import { embeds } from './embeds.ts'
import { footnotes } from './footnotes.ts'
import { maths } from './maths.ts'
import { pictures } from './pictures.ts'
import type { Reader, Reading } from './reading.ts'
import { attributeOf, readerIn } from './reading.ts'
import { tasks } from './tasks.ts'

/** The word after a fence. */
export const languageOf = (info: string): string => {
  const [word = ''] = info.trim().split(/\s+/, 1)
  return word.slice(0, 40)
}

const code = (md: MarkdownIt): void => {
  const { escapeHtml } = md.utils
  // What is wider than its place is moved by keys as well.
  md.renderer.rules['code_block'] = (tokens, at) => `<pre tabindex="0"><code>${escapeHtml(tokens[at]?.content ?? '')}</code></pre>\n`
  md.renderer.rules['fence'] = (tokens, at, _options, env) => {
    const { content = '', info = '' } = tokens[at] ?? {}
    const language = languageOf(md.utils.unescapeAll(info))
    const shown = readerIn(env).highlight?.(content, language) ?? escapeHtml(content)
    return `<pre tabindex="0"><code${language && ` class="language-${escapeHtml(language)}"`}>${shown}</code></pre>\n`
  }
}

const links = (md: MarkdownIt): void => {
  md.validateLink = isLinkable
  md.renderer.rules['link_open'] = (tokens, at, options) => {
    const token = tokens[at]
    if (token && isElsewhere(attributeOf(token, 'href'))) {
      token.attrSet('rel', 'noopener')
      token.attrSet('target', '_blank')
    }
    return md.renderer.renderToken(tokens, at, options)
  }
}

const tables = (md: MarkdownIt): void => {
  md.renderer.rules['table_open'] = () => '<div class="wide" tabindex="0"><table>\n'
  md.renderer.rules['table_close'] = () => '</table></div>\n'
  for (const cell of ['th_open', 'td_open']) {
    md.renderer.rules[cell] = (tokens, at) => {
      // markdown-it says it by a style attribute, which no text may have here.
      const side = /text-align:(left|center|right)/.exec(attributeOf(tokens[at], 'style'))?.[1]
      return `<${tokens[at]?.tag}${side === undefined ? '' : ` class="at-${side}"`}>`
    }
  }
}

/** Nobody's paragraph has as many; each is looked for its other half through all that follows. */
const MOST_BRACKETS = 1000

/** A paragraph that was made to keep the page busy is shown as it is written. */
const bounds = (md: MarkdownIt): void => {
  md.core.ruler.before('inline', 'bounds', ({ tokens, Token }) => {
    for (const [at, token] of tokens.entries()) {
      if (token.type !== 'inline' || token.content.split('[', MOST_BRACKETS + 1).length <= MOST_BRACKETS) continue
      const text = new Token('plain', '', 0)
      text.content = token.content
      text.children = null
      tokens[at] = text
    }
  })
  md.renderer.rules['plain'] = (tokens, at) => md.utils.escapeHtml(tokens[at]?.content ?? '')
}

const reader = markdownIt({ html: false, linkify: true })
// Only what says so itself is an address: `readme.md` is none.
reader.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
for (const rule of [bounds, links, code, tables, pictures, maths, footnotes, callouts, tasks, embeds, anchors]) reader.use(rule)

/** HTML of a text, made by rule alone: a tag in it is text, and an address that could run something is no link. */
export const htmlOf = (source: string, reading: Reading): string => reader.render(source, { ...reading, notes: new Map(), isInNote: false } satisfies Reader)
