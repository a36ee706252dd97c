import { Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit, type YAMLError, type YAMLMap } from 'yaml'
import type { Finding } from './documents.ts'
import { shown } from './shown.ts'

/** Of a head: its keys and what they say, all of it text, lists and mappings. */
export type Head = Record<string, unknown>

/** Where something of a head stands in its file. */
export type LineOf = (path: readonly PropertyKey[]) => number

export type Parted = { head: Head; text: string; lineOf: LineOf } | { findings: Finding[] }

const FENCE = /^---[ \t]*\r?$/
/** With a lesson's other facts it has to fit into one item of the tables. */
const MOST_BYTES = 380_000
/** A head has four levels; what is deeper is nothing that we know. */
const MOST_LEVELS = 8

const isTooLarge = (file: string): boolean => file.length > MOST_BYTES || new TextEncoder().encode(file).length > MOST_BYTES

const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length

/** What no file may hold, whatever it says. */
const unfit = (file: string): Finding | undefined => {
  if (isTooLarge(file)) return { says: `The file is larger than ${MOST_BYTES / 1000} KB.` }
  const at = file.indexOf('\0')
  if (at >= 0) return { line: lineAt(file, at), says: 'There is a NUL character in this line.' }
  return file.isWellFormed() ? undefined : { says: 'The file has halves of characters in it: save it as UTF-8.' }
}

/** What people mistype most, in words that help. */
const ERRORS: Record<string, string> = {
  BLOCK_AS_IMPLICIT_KEY: 'A text with a colon and a space in it has to stand in quotes.',
  TAB_AS_INDENT: 'Indent with spaces: YAML takes no tabs.',
  BAD_SCALAR_START: 'A text that begins with this sign has to stand in quotes.',
  RESOURCE_EXHAUSTION: 'This is nested too deeply.',
  MULTIPLE_DOCS: 'A line of three dots ends the head too early.',
}

const saysOf = ({ code, message }: YAMLError): string => ERRORS[code] ?? `The head is no sound YAML: ${message}.`

type Trouble = { at: number; says: string }

const markTrouble = (node: unknown): string | undefined => {
  if (isAlias(node)) return 'An alias (*) is not read: write it out.'
  if (!isNode(node)) return undefined
  if (node.tag !== undefined) return 'A tag (!) is not read.'
  return 'anchor' in node && node.anchor !== undefined ? 'An anchor (&) is not read.' : undefined
}

const keyOf = (key: unknown): string | undefined => (isScalar(key) && typeof key.value === 'string' && markTrouble(key) === undefined ? key.value : undefined)

const offsetIn = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0)

type Reader = { troubles: Trouble[]; level: number }

/** Nothing is called by a name that has a meaning of its own, and nothing is named twice. */
const plainMap = (map: YAMLMap, { troubles, level }: Reader): Head => {
  const found = new Map<string, unknown>()
  for (const { key, value } of map.items) {
    const [name, at] = [keyOf(key), offsetIn(key)]
    if (name === undefined || name === '__proto__') troubles.push({ at, says: 'This is no key.' })
    else if (found.has(name)) troubles.push({ at, says: `“${shown(name)}” is there twice.` })
    else found.set(name, plain(value, { troubles, level: level + 1 }))
  }
  return Object.fromEntries(found)
}

/** Takes a head's nodes for what they say. */
const plain = (node: unknown, reader: Reader): unknown => {
  const refuse = (says: string): string => {
    reader.troubles.push({ at: offsetIn(node), says })
    return ''
  }
  const mark = markTrouble(node)
  if (mark !== undefined) return refuse(mark)
  if (reader.level > MOST_LEVELS) return refuse('This is nested too deeply.')
  if (isSeq(node)) return node.items.map((item) => plain(item, { ...reader, level: reader.level + 1 }))
  if (isMap(node)) return plainMap(node, reader)
  if (!isScalar(node) || typeof node.value !== 'string') return ''
  return node.value.isWellFormed() ? node.value : refuse('There is half of a character in this text.')
}

const pairNamed = (map: YAMLMap, name: PropertyKey) => map.items.find(({ key }) => keyOf(key) === name)

/** The offset of what a path leads to, or of the last on the way that is there. */
const offsetOf = (root: unknown, path: readonly PropertyKey[]): number | undefined => {
  let node = root
  let found: number | undefined
  for (const step of path) {
    const pair = isMap(node) ? pairNamed(node, step) : undefined
    const place = pair ? pair.key : isSeq(node) ? node.items[Number(step)] : undefined
    if (!isNode(place) || !place.range) break
    found = place.range[0]
    node = pair ? pair.value : place
  }
  return found
}

const readHead = (source: string): { head: Head; lineOf: LineOf } | { findings: Finding[] } => {
  const counter = new LineCounter()
  // All scalars are text: whether `no` is a word or a decision is for the key to say.
  const document = parseDocument(source, { schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent', lineCounter: counter })
  // The head begins in the file's second line.
  const lineOfOffset = (at: number): number => counter.linePos(at).line + 1
  const [error] = document.errors
  if (error) return { findings: [{ line: lineOfOffset(error.pos[0]), says: saysOf(error) }] }
  if (document.contents === null) return { head: {}, lineOf: () => 1 }
  const troubles: Trouble[] = []
  const head = plain(document.contents, { troubles, level: 0 })
  if (troubles.length > 0) return { findings: troubles.map(({ at, says }) => ({ line: lineOfOffset(at), says })) }
  if (!isMap(document.contents)) return { findings: [{ line: 2, says: 'The head has to be lines of a key, a colon and what it says.' }] }
  const lineOf: LineOf = (path) => {
    const at = offsetOf(document.contents, path)
    return at === undefined ? 1 : lineOfOffset(at)
  }
  // A mapping's plain form is one of its keys.
  return { head: head as Head, lineOf }
}

/**
 * Takes a file apart: a head of plain YAML between two lines of `---`, and the text below. An empty line below the head and the last line's end
 * belong to the file and not to the text. In a file whose lines end as on Windows, so do none of the text's; elsewhere the text is left as it is.
 */
export const parted = (given: string): Parted => {
  const trouble = unfit(given)
  if (trouble) return { findings: [trouble] }
  const marked = given.replace(/^\uFEFF/, '')
  const file = /^---[ \t]*\r\n/.test(marked) ? marked.replaceAll('\r\n', '\n') : marked
  const lines = file.split('\n')
  const end = FENCE.test(lines[0] ?? '') ? lines.findIndex((line, index) => index > 0 && FENCE.test(line)) : -1
  if (end < 0) return { findings: [{ line: 1, says: 'A file begins with its head: a line ---, what is said of it, and another line ---.' }] }
  const read = readHead(lines.slice(1, end).join('\n'))
  if ('findings' in read) return read
  const body = lines.slice(end + 1).join('\n')
  return { ...read, text: body.replace(/^\n/, '').replace(/\n$/, '') }
}

/** What only double quotes keep as it is: other ends of lines than ours, tabs and controls, spaces at the end of a line. */
const ODD = /[^\n\P{Cc}]|[\u2028\u2029\uFEFF]|[ \t]\n|^\s|\s$/u

/** The file of a head and a text; `parted` gives both back. What is undefined is left out. */
export const joined = (head: Head, text: string): string => {
  // Whoever reads it with another YAML's eyes finds the same: `no` and `1e3` are quoted.
  const document = new Document(head, { schema: 'core', compat: 'yaml-1.1', aliasDuplicateObjects: false, keepUndefined: false })
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && ODD.test(node.value)) node.type = 'QUOTE_DOUBLE'
    },
  })
  const yaml = document.toString({ lineWidth: 0, doubleQuotedAsJSON: true })
  return `---\n${yaml}---\n${text === '' ? '' : `\n${text}\n`}`
}
