/** A piece of a caption: words, or a stretch that is set apart. `lang` and `voice` keep what WebVTT says of one. */
export type CueNode = string | { tag: 'b' | 'i' | 'u' | 'span' | 'ruby' | 'rt'; children: CueNode[]; lang?: string; voice?: string }
type CueElement = Exclude<CueNode, string>

const TOKEN = /<(\/?)([a-z]+)(?:\.[^\s<>]*)?(?:[ \t]+([^<>]*))?>|<[\d:.]+>|&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]{2,4}));/g
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', lrm: '\u200e', rlm: '\u200f' }
const TAGS: Record<string, CueElement['tag']> = { b: 'b', i: 'i', u: 'u', c: 'span', v: 'span', lang: 'span', ruby: 'ruby', rt: 'rt' }

const character = ([whole, , , , decimal, hex, name]: RegExpExecArray): string => {
  if (name !== undefined) return ENTITIES[name] ?? whole
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  return code > 0x10ffff ? whole : String.fromCodePoint(code)
}

const element = (name: string, note: string): CueElement | undefined => {
  const tag = TAGS[name]
  if (!tag) return undefined
  return { tag, children: [], ...(name === 'lang' && note !== '' && { lang: note }), ...(name === 'v' && note !== '' && { voice: note }) }
}

/**
 * A cue’s text as a tree, as WebVTT has it (§6.4, cue text parsing): its own few tags mean something, all others and
 * whatever stands in them are left out, and nothing in it can ever become markup of the page.
 */
export const cueNodes = (text: string): CueNode[] => {
  const root: CueNode[] = []
  const open: { name: string; children: CueNode[] }[] = [{ name: '', children: root }]
  const put = (words: string): void => {
    const into = open.at(-1)?.children
    if (words === '' || !into) return
    const last = into.at(-1)
    if (typeof last === 'string') into.splice(-1, 1, last + words)
    else into.push(words)
  }
  const mark = (isEnd: boolean, name: string, note: string): void => {
    if (isEnd) {
      const from = open.findLastIndex((each) => each.name === name)
      if (from > 0) open.splice(from)
      return
    }
    const made = element(name, note)
    if (!made) return
    open.at(-1)?.children.push(made)
    open.push({ name, children: made.children })
  }
  let from = 0
  for (const match of text.matchAll(TOKEN)) {
    put(text.slice(from, match.index))
    from = match.index + match[0].length
    if (match[0].startsWith('&')) put(character(match))
    else mark(match[1] === '/', match[2] ?? '', (match[3] ?? '').trim())
  }
  put(text.slice(from))
  return root
}
