import type { MarkdownIt, Token } from 'markdown-it'
import { attributeOf, readerIn } from './reading.ts'

/** A heading in an address: its letters and digits in any script. */
export const slugOf = (heading: string): string =>
  heading
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80) || 'part'

const wordsOf = (heading: Token | undefined): string =>
  (heading?.children ?? [])
    .filter(({ type }) => type === 'text' || type === 'code_inline')
    .map(({ content }) => content)
    .join('')

/** Headings with ids of their own, the second of a name with a number. */
const named = (tokens: readonly Token[], prefix: string): void => {
  const seen = new Map<string, number>()
  for (const [at, token] of tokens.entries()) {
    if (token.type !== 'heading_open') continue
    const slug = slugOf(wordsOf(tokens[at + 1]))
    const times = (seen.get(slug) ?? 0) + 1
    seen.set(slug, times)
    token.attrSet('id', `${prefix}${slug}${times === 1 ? '' : `-${times}`}`)
  }
}

const led = (tokens: readonly Token[], prefix: string): void => {
  for (const child of tokens.flatMap(({ children }) => children ?? [])) {
    const href = child.type === 'link_open' ? attributeOf(child, 'href') : ''
    if (href.startsWith('#') && href.length > 1) child.attrSet('href', `#${prefix}${href.slice(1)}`)
  }
}

/** Gives headings ids, and leads `#such-a-heading` to them. */
export const anchors = (md: MarkdownIt): void => {
  md.core.ruler.push('anchors', ({ tokens, env }) => {
    const { prefix } = readerIn(env)
    named(tokens, prefix)
    led(tokens, prefix)
  })
}
