import type { MarkdownIt } from 'markdown-it'
import { readerIn } from './reading.ts'

const MARK = /^\[([ xX])\][ \t]+(?=\S)/

/** `- [ ]` and `- [x]`. They are read, not ticked: the text is its teacher's. */
export const tasks = (md: MarkdownIt): void => {
  md.core.ruler.after('inline', 'tasks', ({ tokens, Token }) => {
    for (const [at, token] of tokens.entries()) {
      if (token.type !== 'list_item_open' || tokens[at + 1]?.type !== 'paragraph_open') continue
      const inline = tokens[at + 2]
      const text = inline?.children?.[0]
      const [mark, sign] = MARK.exec(text?.type === 'text' ? text.content : '') ?? []
      if (!inline?.children || !text || mark === undefined) continue
      text.content = text.content.slice(mark.length)
      const box = new Token('task', '', 0)
      box.info = sign === ' ' ? 'open' : 'done'
      inline.children.unshift(box)
      token.attrSet('class', 'task')
    }
  })
  md.renderer.rules['task'] = (tokens, at, _options, env) => {
    const state = tokens[at]?.info === 'done' ? 'done' : 'open'
    return `<span class="task-box task-${state}" role="img" aria-label="${md.utils.escapeHtml(readerIn(env).words[state])}"></span>`
  }
}
