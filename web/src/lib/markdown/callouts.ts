import type { MarkdownIt } from 'markdown-it'
import type { CalloutKind } from './reading.ts'
import { CALLOUTS, readerIn } from './reading.ts'

const MARK = new RegExp(`^\\[!(${CALLOUTS.join('|')})\\][ \\t]*(?:\\n|$)`, 'i')

/** A quotation that begins with `[!NOTE]` alone in its line. */
export const callouts = (md: MarkdownIt): void => {
  md.core.ruler.after('block', 'callouts', ({ tokens }) => {
    const open: (CalloutKind | undefined)[] = []
    for (const [at, token] of tokens.entries()) {
      if (token.type === 'blockquote_open') {
        const inline = tokens[at + 1]?.type === 'paragraph_open' ? tokens[at + 2] : undefined
        const [mark, word] = MARK.exec(inline?.content ?? '') ?? []
        const kind = CALLOUTS.find((each) => each === word?.toLowerCase())
        open.push(kind)
        if (!kind || !inline || mark === undefined) continue
        inline.content = inline.content.slice(mark.length)
        token.type = 'callout_open'
        token.info = kind
      } else if (token.type === 'blockquote_close' && open.pop()) token.type = 'callout_close'
    }
  })
  md.renderer.rules['callout_open'] = (tokens, at, _options, env) => {
    const kind = CALLOUTS.find((each) => each === tokens[at]?.info) ?? 'note'
    return `<div class="callout callout-${kind}" role="note"><p class="callout-title">${md.utils.escapeHtml(readerIn(env).words.callout(kind))}</p>\n`
  }
  md.renderer.rules['callout_close'] = () => '</div>\n'
}
