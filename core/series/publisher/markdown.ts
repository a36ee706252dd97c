/*
 * What a draft's Markdown may turn into, read strictly: where readers of Markdown could differ over what is code, nothing counts as code,
 * and a link that is not written in the one plain way is told as such. So what this finds nothing in holds nothing in any of them.
 */

export type Link = { kind: 'link' | 'image'; url: string; text: string; line: number }

/** `prose` is the text line by line without its code and its links' addresses; `unclear` are the lines whose links are not plainly written. */
export type Scan = { prose: string[]; links: Link[]; unclear: number[] }

const FENCE = /^( *)(`{3,}|~{3,})[^`]*$/
const LONG_RUN = /`{3,}|~{3,}/

/** The line that ends a fence, or -1. At the margin CommonMark §4.5 alone decides; further in, what a list makes of it must not matter. */
const fenceEnd = (lines: readonly string[], start: number, [, indent = '', run = '']: RegExpExecArray): number => {
  const closing = indent === '' ? new RegExp(String.raw`^ {0,3}\x60{${run.length},}[ \t]*$`) : new RegExp(`^${indent}${run}[ \\t]*$`)
  const end = lines.findIndex((line, at) => at > start && (run.startsWith('~') ? line.trimEnd() === run : closing.test(line)))
  const isSure = indent === '' || lines.slice(start + 1, end).every((line) => line.trim() === '' || (line.startsWith(indent) && !line.includes('`')))
  return isSure ? end : -1
}

/** The lines with those of code blocks emptied; all as they are where it is not certain which these are. */
const withoutBlocks = (lines: readonly string[]): string[] => {
  const prose = [...lines]
  for (let at = 0; at < lines.length; at += 1) {
    const fence = FENCE.exec(lines[at] ?? '')
    const end = fence && !(fence[1] !== '' && fence[2]?.startsWith('~')) ? fenceEnd(lines, at, fence) : -1
    if (end < 0 && LONG_RUN.test(lines[at] ?? '')) return [...lines]
    if (end < 0) continue
    prose.fill('', at, end + 1)
    at = end
  }
  return prose
}

const ADDRESS = String.raw`https:\/\/[^\s()<>\x60"'\\]+(?:\([^\s()<>\x60"'\\]*\)[^\s()<>\x60"'\\]*)*|#[\w-]+`
const ESCAPE = String.raw`\\[!-\/:-@[-\x60{-~]`
const CODE = '(?<!`)(?<run>`+)(?!`)(?:.+?)(?<!`)\\k<run>(?!`)'
const REST = String.raw`<(?<auto>https:\/\/[^\s<>\x60]+)>|(?<odd><[a-z][\w+.-]*:)|(?<open>!?\[)|\]\((?<url>${ADDRESS})(?<title>\s+"[^"\x60\\]*")?\)|(?<unclear>\]\()|(?<close>\])`
/** An address among words may go on over a mark of code: some readers look for it first. */
const OVER_CODE = '[a-z][a-z0-9+.-]{0,20}:\\/\\/[^\\s<>]*?`'
const WITH_CODE = new RegExp(`${ESCAPE}|${CODE}|(?<lone>\`+|${OVER_CODE})|${REST}`, 'gi')
const WITHOUT_CODE = new RegExp(`${ESCAPE}|${REST}`, 'gi')

/** A row of dashes: what stands around it may be a table, whose cells are read one by one. */
const DASHES = /^[\s|:>*+.)\d-]*-[\s|:>*+.)\d-]*$/

type Piece = { prose: string; links: Omit<Link, 'line'>[]; isUnclear: boolean; isOdd: boolean }
type Groups = Partial<Record<'run' | 'lone' | 'odd' | 'auto' | 'open' | 'url' | 'title' | 'unclear' | 'close', string>>

const readLink = (piece: Piece, opening: string | undefined, { url = '', words }: { url: string | undefined; words: string }): void => {
  if (opening === undefined) piece.isUnclear = true
  else piece.links.push({ kind: opening === '![' ? 'image' : 'link', url, text: words })
}

const scanPiece = (text: string, tokens: RegExp): Piece => {
  const piece: Piece = { prose: '', links: [], isUnclear: false, isOdd: false }
  const openings: { sign: string; end: number }[] = []
  piece.prose = text.replace(tokens, (token, ...rest) => {
    // `replace` ends its arguments with the match's place, the whole text and the named groups.
    const [at, , groups] = rest.slice(-3) as [number, string, Groups]
    piece.isUnclear ||= groups.unclear !== undefined
    piece.isOdd ||= (groups.lone ?? groups.odd ?? groups.unclear) !== undefined
    if (groups.open !== undefined) openings.push({ sign: token, end: at + token.length })
    const opening = token.startsWith(']') ? openings.pop() : undefined
    if (groups.url !== undefined) readLink(piece, opening?.sign, { url: groups.url, words: text.slice(opening?.end, at) })
    if (groups.auto !== undefined) piece.links.push({ kind: 'link', url: groups.auto, text: '' })
    if (groups.url !== undefined) return `] ${groups.title ?? ''}`
    return (groups.run ?? groups.auto) === undefined ? token : ' '
  })
  return piece
}

const joinedPieces = (pieces: readonly Piece[]): Piece => ({
  prose: pieces.map(({ prose }) => prose).join('|'),
  links: pieces.flatMap(({ links }) => links),
  isUnclear: pieces.some(({ isUnclear }) => isUnclear),
  isOdd: pieces.some(({ isOdd }) => isOdd),
})

/** Lines without a blank one between them. A span of code counts where all of them end within their lines: then no other reading has it elsewhere. */
const scanParagraph = (lines: readonly string[]): Piece[] => {
  const isTable = lines.some((line) => DASHES.test(line))
  const scanned = lines.map((line) => joinedPieces((isTable ? line.split('|') : [line]).map((piece) => scanPiece(piece, WITH_CODE))))
  return scanned.some(({ isOdd }) => isOdd) ? lines.map((line) => scanPiece(line, WITHOUT_CODE)) : scanned
}

/** `[label]: address`, also where the label began on a line before: what refers to it could stand anywhere. */
const DEFINITION = /^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*\[.*\]:|^[^[\]]*\]:/

export const scanMarkdown = (text: string): Scan => {
  const lines = withoutBlocks(text.split('\n'))
  const scan: Scan = { prose: [], links: [], unclear: [] }
  for (let at = 0; at < lines.length; ) {
    const blank = lines.findIndex((line, index) => index >= at && line.trim() === '')
    const end = blank < 0 ? lines.length : blank
    for (const [index, { prose, links, isUnclear }] of scanParagraph(lines.slice(at, end)).entries()) {
      const line = at + index + 1
      scan.prose.push(prose)
      scan.links.push(...links.map((link) => ({ ...link, line })))
      if (isUnclear || DEFINITION.test(prose)) scan.unclear.push(line)
    }
    if (end < lines.length) scan.prose.push('')
    at = end + 1
  }
  return scan
}
