import type { MarkdownIt } from 'markdown-it'
import { attributeOf, readerIn } from './reading.ts'

/** The school's own are shown; of any other its words stand in its place. */
export const pictures = (md: MarkdownIt): void => {
  const { escapeHtml } = md.utils
  md.renderer.rules['image'] = (tokens, at, options, env) => {
    const token = tokens[at]
    if (!token) return ''
    const words = md.renderer.renderInlineAsText(token.children ?? [], options, env)
    const picture = readerIn(env).pictureAt(attributeOf(token, 'src'))
    if (!picture) return `<span class="unseen">${escapeHtml(words)}</span>`
    const title = attributeOf(token, 'title')
    // One behind the lock has no address yet: the page asks for it.
    const from = picture.isPublic ? `src="${escapeHtml(picture.address)}"` : `data-picture="${escapeHtml(picture.id)}"`
    const size = picture.width > 0 ? ` width="${picture.width}" height="${picture.height}"` : ''
    return `<img ${from} alt="${escapeHtml(words)}"${title ? ` title="${escapeHtml(title)}"` : ''}${size}>`
  }
}
