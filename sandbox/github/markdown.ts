import markdownIt from 'markdown-it'
import { html, type Markup } from '../markup.ts'

// Without HTML: what is a tag stays text. Pictures would be fetched from elsewhere, so their words stand for them.
const reader = markdownIt({ html: false, linkify: true })
reader.renderer.rules['image'] = (tokens, place) =>
  `<span class="picture">Picture: ${reader.utils.escapeHtml(tokens[place]?.content || 'without words')}</span>`

const FRONT = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/

/** Comments, which programs leave marks in, are for nobody to read. */
export const rendered = (source: string): Markup => ({ markup: reader.render(source.replace(/<!--[\s\S]*?-->/g, '')) })

/** A file: what it says of itself first, as it stands. */
export const renderedFile = (source: string): Markup => {
  const front = FRONT.exec(source)
  return html`${front?.[1] !== undefined && html`<pre class="front">${front[1]}</pre>`}${rendered(front ? source.slice(front[0].length) : source)}`
}
