import type { MarkdownIt } from 'markdown-it'
import { filmAt } from './addresses.ts'
import { attributeOf, readerIn } from './reading.ts'

/** The address of a film, alone in a paragraph and written as it is, becomes something to press: nothing is asked of its host before. */
export const embeds = (md: MarkdownIt): void => {
  const { escapeHtml } = md.utils
  md.core.ruler.after('linkify', 'embeds', ({ tokens, Token }) => {
    for (let at = 0; at + 2 < tokens.length; at += 1) {
      const [before, inline, after] = [tokens[at], tokens[at + 1], tokens[at + 2]]
      if (before?.type !== 'paragraph_open' || inline?.type !== 'inline' || after?.type !== 'paragraph_close' || before.hidden) continue
      const [link, , end] = inline.children ?? []
      const isAlone = inline.children?.length === 3 && link?.type === 'link_open' && (link.info === 'auto' || link.markup === 'linkify')
      if (!isAlone || end?.type !== 'link_close' || !filmAt(attributeOf(link, 'href'))) continue
      const film = new Token('film', '', 0)
      film.block = true
      film.content = attributeOf(link, 'href')
      tokens.splice(at, 3, film)
    }
  })
  md.renderer.rules['film'] = (tokens, at, _options, env) => {
    const { words } = readerIn(env)
    const address = tokens[at]?.content ?? ''
    const film = filmAt(address)
    if (!film) return ''
    const [play, privacy] = [words.playFrom(film.host), words.privacy(film.host)].map(escapeHtml)
    // Without scripts it is a link to where the film lies.
    return `<figure class="film"><a class="film-play" href="${escapeHtml(address)}" rel="noopener" target="_blank"><span class="film-sign" aria-hidden="true"></span>${play}</a><figcaption>${privacy}</figcaption></figure>\n`
  }
}
