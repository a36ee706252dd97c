import { scanMarkdown } from '../markdown.ts'
import { type Check, error, type Field, type Found, quoted } from './check.ts'

/** Of scripts whose letters are joined, or kept apart, by characters without a width. */
const JOINING = String.raw`\p{sc=Arab}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Mong}`
/**
 * What nobody sees, or what makes text look like another: control characters, marks of direction, spaces without width, tags, halves of
 * pairs, characters of nobody. Joiners and variants stand only where scripts and emoji need them.
 */
const HIDDEN = new RegExp(
  [
    String.raw`(?!\n)\p{Cc}|\p{Zl}|\p{Zp}|\p{Cs}|\p{Co}|\p{Cn}`,
    String.raw`(?!\u200c|\u200d|\ufe0e|\ufe0f)(?:\p{Cf}|\p{Default_Ignorable_Code_Point})`,
    String.raw`(?<!\p{S}|\p{Extended_Pictographic}|\p{Emoji}|\ufe0f|[${JOINING}])(?:\u200c|\u200d)`,
    String.raw`(?<!\p{S}|\p{Extended_Pictographic}|\p{Emoji})(?:\ufe0e|\ufe0f)`,
  ].join('|'),
  'u',
)

const codePoint = (text: string): string => `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

const hiddenIn = ({ name, text, isOneLine }: Field): Found[] =>
  text.split(/\r?\n/).flatMap((line, at, { length }) => {
    const hidden = HIDDEN.exec(line)?.[0]
    const found = hidden === undefined ? [] : [error(`${name} has in line ${at + 1} a character that is not seen: ${codePoint(hidden)}.`)]
    return isOneLine && length > 1 && at === 0 ? [...found, error(`${name} has more than one line.`)] : found
  })

export const characters: Check = {
  name: 'characters',
  title: 'It has no hidden characters',
  find: ({ fields }) => fields.flatMap(hiddenIn),
}

const TAG = /<[a-z!/?][^\s>]{0,20}/i
const ENTITY = /&(#x?[0-9a-f]{1,8}|[a-z][a-z0-9]{1,30});/gi
/** Those that stand for a sign people see. Any other could stand for one that makes a link or a tag, or is not seen. */
const PLAIN_ENTITIES = new Set(['amp', 'lt', 'gt', 'quot', 'apos', 'nbsp', 'ndash', 'mdash', 'hellip', 'copy', 'times', 'euro', 'pound'])
const SCRIPT_LINK = /(?:java|vb|live)script\s*:\s*\S|\bdata\s*:\s*(?:[\w+.-]+\/|[;,])|\b(?:file|blob|view-source|filesystem):\//i

type Placed = { place: string; says: string }

const markupIn = ({ name, text }: Field, point: string): Placed[] =>
  scanMarkdown(text).prose.flatMap((line, at) => {
    const place = `${name}, line ${at + 1}`
    const entity = [...line.matchAll(ENTITY)].find(([, entity = '']) => !PLAIN_ENTITIES.has(entity))?.[0]
    const tag = TAG.exec(line)?.[0]
    const link = SCRIPT_LINK.exec(line.replaceAll('\\', ''))?.[0]
    const whence = tag !== undefined && point.includes(tag) ? ' The point of the outline has it too: change it there.' : ''
    return [
      ...(tag === undefined ? [] : [{ place, says: `${quoted(tag)} is HTML. What is meant as code goes between backticks.${whence}` }]),
      ...(entity === undefined ? [] : [{ place, says: `${quoted(entity)} hides a character; write the character.` }]),
      ...(link === undefined ? [] : [{ place, says: `${quoted(link)} begins an address that runs or holds something.` }]),
    ]
  })

const others = (number: number): string => (number === 0 ? '' : `, and in ${number} other ${number === 1 ? 'place' : 'places'}`)

/** What is wrong in the same way is said once: a tag in a point of the outline comes back in a draft's every part. */
const once = (found: readonly Placed[]): Found[] =>
  [...Map.groupBy(found, ({ says }) => says)].map(([says, all]) => error(`${all[0]?.place ?? ''}${others(all.length - 1)}: ${says}`))

export const html: Check = {
  name: 'html',
  title: 'It has no HTML',
  find: ({ brief, fields }) => once(fields.flatMap((field) => markupIn(field, brief.point))),
}
