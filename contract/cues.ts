/*
 * Caption files, as browser and school both read them: the browser to say at once what is wrong with one, and to show a
 * transcript; the school because it trusts no browser. WebVTT is https://www.w3.org/TR/webvtt1/; SubRip has no clause to cite.
 */

/** One caption. `text` is as people read it: entities are decoded, and of markup only `<b>`, `<i>`, `<u>` and `<v Name>` is left. */
export type Cue = { startSeconds: number; endSeconds: number; text: string }

export const CAPTION_LIMITS = { characters: 300_000, cues: 10_000, cueCharacters: 500, seconds: 86_400 } as const

export type CaptionFaultKind =
  | 'not-captions'
  | 'no-cues'
  | 'too-large'
  | 'too-many-cues'
  | 'no-time'
  | 'bad-time'
  | 'ends-before-it-starts'
  | 'too-late'
  | 'cue-too-long'

/** What is wrong with a file, and in which of its lines (the first is 1). */
export type CaptionFault = { kind: CaptionFaultKind; line: number }

/** `01:02:03.456` of WebVTT. */
export const timestamp = (seconds: number): string => {
  const milliseconds = Math.round(seconds * 1000)
  const parts = [Math.floor(milliseconds / 3_600_000), Math.floor(milliseconds / 60_000) % 60, Math.floor(milliseconds / 1000) % 60]
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')}.${String(milliseconds % 1000).padStart(3, '0')}`
}

/** Both formats' times, and what people type: hours may be left out, a comma may stand for the point. Undefined when it is none. */
export const secondsOf = (time: string): number | undefined => {
  const [, hours = '0', minutes = '', seconds = '', fraction = '0'] = /^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?$/.exec(time.trim()) ?? []
  if (minutes === '' || Number(minutes) > 59 || Number(seconds) > 59) return undefined
  const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return (whole * 1000 + Number(fraction.padEnd(3, '0'))) / 1000
}

const KEPT_TAG = /<(\/?)([biu]|v)(?:\.[^\s<>&]*)?(?:[ \t]+([^<>&\n]*))?>/g
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', lrm: '\u200e', rlm: '\u200f' }

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0x10ffff ? whole : String.fromCodePoint(code)
  })

/** A tag in its one spelling: `<v.loud  Ada >` is `<v Ada>`. */
const tag = (slash: string, name: string, voice: string | undefined): string => {
  const who = name === 'v' && slash === '' ? (voice ?? '').trim() : ''
  return `<${slash}${name}${who === '' ? '' : ` ${who}`}>`
}

/** The pieces of a text between the tags we keep, and those tags. */
const pieces = (text: string): { isTag: boolean; piece: string }[] => {
  const found: { isTag: boolean; piece: string }[] = []
  let from = 0
  for (const match of text.matchAll(KEPT_TAG)) {
    const [whole, slash = '', name = '', voice] = match
    found.push({ isTag: false, piece: text.slice(from, match.index) }, { isTag: true, piece: tag(slash, name, voice) })
    from = match.index + whole.length
  }
  return [...found, { isTag: false, piece: text.slice(from) }]
}

/** No control characters but the line's end, no half of a surrogate pair, no empty line: what would end a cue early, or not survive being stored. */
const plainLines = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f\ufeff]/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')

/** A cue's text as it may be stored, whoever wrote it: markup that is not kept stands as the characters it is made of. */
export const cleanText = (text: string): string =>
  plainLines(
    pieces(plainLines(text))
      .map(({ piece }) => piece)
      .join(''),
  )

/** A cue's text without markup, for searching and for reading on. */
export const spokenText = (text: string): string => text.replaceAll(KEPT_TAG, '').replace(/\s+/g, ' ').trim()

/** Tags that are not kept, such as `<c.yellow>`, `<00:01.000>` and SubRip's `<font>`; and its `{\an8}`. */
const OTHER_TAG = /<\/?[A-Za-z\d][^<>\n]*>|\{\\[^{}\n]*\}/g

const fromFile = (raw: string): string =>
  cleanText(
    pieces(raw)
      .map(({ isTag, piece }) => (isTag ? piece : decoded(piece.replaceAll(OTHER_TAG, ''))))
      .join(''),
  )

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const toFile = (text: string): string =>
  pieces(text)
    .map(({ isTag, piece }) => (isTag ? piece : escaped(piece)))
    .join('')

/** By time; of those that begin together the shorter first. */
export const inOrder = <C extends Cue>(cues: readonly C[]): C[] => cues.toSorted((a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds)

/** The cues as a WebVTT file. Their texts are clean. */
export const writeCaptions = (cues: readonly Cue[]): string =>
  ['WEBVTT', ...cues.map(({ startSeconds, endSeconds, text }) => `${timestamp(startSeconds)} --> ${timestamp(endSeconds)}\n${toFile(text)}`)]
    .join('\n\n')
    .concat('\n')

/** What is wrong with one cue's times; its line is the caller's to know. */
export const timesFault = ({ startSeconds, endSeconds }: Pick<Cue, 'startSeconds' | 'endSeconds'>): CaptionFaultKind | undefined => {
  if (endSeconds <= startSeconds) return 'ends-before-it-starts'
  return endSeconds > CAPTION_LIMITS.seconds ? 'too-late' : undefined
}

type Lines = { lines: string[]; isVtt: boolean }
/** A cue as it lies in a file: `at` and `textFrom` count lines from 0. */
type Block = { at: number; text: string[]; next: number }

const isArrow = (line: string | undefined): boolean => line?.includes('-->') ?? false
const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === ''

const afterBlank = (lines: string[], from: number): number => {
  let at = from
  while (at < lines.length && !isBlank(lines[at])) at += 1
  return at
}

/** SubRip files hold empty lines within a cue; there a cue begins with its number, or with its time. */
const isGoingOn = ({ lines, isVtt }: Lines, at: number): boolean =>
  !isVtt && at < lines.length && !isArrow(lines[at]) && !(/^\s*\d+\s*$/.test(lines[at] ?? '') && isArrow(lines[at + 1]))

const blockAt = (file: Lines, arrow: number): Block => {
  const { lines } = file
  const text: string[] = []
  let at = arrow + 1
  while (at < lines.length && !isArrow(lines[at])) {
    if (isBlank(lines[at]) && !isGoingOn(file, at + 1)) break
    text.push(lines[at] ?? '')
    at += 1
  }
  // Without an empty line between two cues the number of the next has come along.
  if (isArrow(lines[at]) && /^\s*\d+\s*$/.test(text.at(-1) ?? '')) text.pop()
  return { at: arrow, text, next: at }
}

const cueOf = ({ lines }: Lines, { at, text }: Block): { cue: Cue } | { fault: CaptionFault } => {
  const [from = '', to = ''] = (lines[at] ?? '').split('-->')
  const startSeconds = secondsOf(from)
  // Settings such as `line:0` follow the end.
  const endSeconds = secondsOf(to.trim().split(/\s/)[0] ?? '')
  if (startSeconds === undefined || endSeconds === undefined) return { fault: { kind: 'bad-time', line: at + 1 } }
  const kind = timesFault({ startSeconds, endSeconds })
  if (kind !== undefined) return { fault: { kind, line: at + 1 } }
  const clean = fromFile(text.join('\n'))
  if (clean.length > CAPTION_LIMITS.cueCharacters) return { fault: { kind: 'cue-too-long', line: at + 2 } }
  return { cue: { startSeconds, endSeconds, text: clean } }
}

/** Where the next cue's time stands, past empty lines, its name, and the blocks that are none; the line itself when there is none in its block. */
const nextArrow = ({ lines, isVtt }: Lines, from: number): { arrow: number } | { skip: number } | { lost: number } => {
  if (isBlank(lines[from])) return { skip: from + 1 }
  if (isArrow(lines[from])) return { arrow: from }
  if (isVtt && /^(NOTE|STYLE|REGION)(\s|$)/.test(lines[from] ?? '')) return { skip: afterBlank(lines, from) }
  return isArrow(lines[from + 1]) ? { arrow: from + 1 } : { lost: from }
}

/** The lines below the header of a WebVTT file, which may hold more than its first line (§4.1). */
const belowHeader = ({ lines, isVtt }: Lines): number => {
  if (!isVtt) return 0
  let at = 1
  while (at < lines.length && !isBlank(lines[at]) && !isArrow(lines[at])) at += 1
  return at
}

const readCues = (file: Lines): { cues: Cue[] } | { fault: CaptionFault } => {
  const cues: Cue[] = []
  for (let at = belowHeader(file); at < file.lines.length; ) {
    const found = nextArrow(file, at)
    if ('lost' in found) return { fault: { kind: 'no-time', line: found.lost + 1 } }
    if ('skip' in found) {
      at = found.skip
      continue
    }
    const block = blockAt(file, found.arrow)
    const read = cueOf(file, block)
    if ('fault' in read) return read
    if (cues.length === CAPTION_LIMITS.cues) return { fault: { kind: 'too-many-cues', line: block.at + 1 } }
    if (read.cue.text !== '') cues.push(read.cue)
    at = block.next
  }
  return { cues: inOrder(cues) }
}

/** Reads a WebVTT or a SubRip file, told apart by what is in it. */
export const readCaptions = (text: string): { cues: Cue[] } | { fault: CaptionFault } => {
  if (text.length > CAPTION_LIMITS.characters) return { fault: { kind: 'too-large', line: 1 } }
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)
  const isVtt = /^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? '')
  if (!isVtt && !lines.some(isArrow)) return { fault: { kind: 'not-captions', line: 1 } }
  const read = readCues({ lines, isVtt })
  return 'cues' in read && read.cues.length === 0 ? { fault: { kind: 'no-cues', line: 1 } } : read
}
