/** What EventBridge and its pipes match: any JSON. */
type Value = unknown
type Fields = Record<string, Value>

const isFields = (value: Value): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: Value): value is string => typeof value === 'string'

export class PatternFault extends Error {
  readonly code = 'InvalidEventPatternException'
}

const texts = (value: Value): string[] => {
  const list = Array.isArray(value) ? value : [value]
  if (list.length > 0 && list.every(isText)) return list
  throw new PatternFault(`Not a text or a list of texts: ${JSON.stringify(value)}`)
}

/** `*` stands for any number of characters; `\*` for itself. */
const wildcard = (pattern: string): RegExp => {
  const parts = pattern.split(/(?<!\\)\*/).map((part) => part.replaceAll('\\*', '*').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}

const COMPARE: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
}

const isNumericMatch = (asked: Value, value: Value): boolean => {
  if (!Array.isArray(asked) || asked.length === 0 || asked.length % 2 === 1) throw new PatternFault(`Not numeric: ${JSON.stringify(asked)}`)
  return asked.every((sign, at) => {
    if (at % 2 === 1) return true
    const [compare, bound] = [isText(sign) ? COMPARE[sign] : undefined, asked[at + 1]]
    if (!compare || typeof bound !== 'number') throw new PatternFault(`Not numeric: ${JSON.stringify(asked)}`)
    return typeof value === 'number' && compare(value, bound)
  })
}

/** `prefix` and `suffix` take `{ 'equals-ignore-case': … }` too. */
const ends = (asked: Value, value: Value, has: (text: string, end: string) => boolean): boolean => {
  const isLoose = isFields(asked)
  const wanted = texts(isLoose ? asked['equals-ignore-case'] : asked)
  return isText(value) && wanted.some((end) => (isLoose ? has(value.toLowerCase(), end.toLowerCase()) : has(value, end)))
}

const MATCHERS: Record<string, (asked: Value, value: Value) => boolean> = {
  prefix: (asked, value) => ends(asked, value, (text, end) => text.startsWith(end)),
  suffix: (asked, value) => ends(asked, value, (text, end) => text.endsWith(end)),
  wildcard: (asked, value) => texts(asked).some((pattern) => isText(value) && wildcard(pattern).test(value)),
  'equals-ignore-case': (asked, value) => texts(asked).some((text) => isText(value) && value.toLowerCase() === text.toLowerCase()),
  numeric: isNumericMatch,
  'anything-but': (asked, value) => {
    if (isFields(asked)) return value !== undefined && !isMatch(asked, value)
    const refused = Array.isArray(asked) ? asked : [asked]
    if (refused.some((each) => !isText(each) && typeof each !== 'number')) throw new PatternFault(`Not texts or numbers: ${JSON.stringify(asked)}`)
    return value !== undefined && !refused.includes(value)
  },
  exists: (asked, value) => {
    if (typeof asked !== 'boolean') throw new PatternFault('exists is true or false.')
    return (value !== undefined) === asked
  },
}

/** One alternative of a leaf: a value, or an object with one operator. */
const isMatch = (alternative: Value, value: Value): boolean => {
  if (!isFields(alternative)) return value === alternative
  const [entry, ...others] = Object.entries(alternative)
  const matcher = entry && MATCHERS[entry[0]]
  // A pattern we do not know must not look like one that never matches.
  if (!entry || !matcher || others.length > 0) throw new PatternFault(`No such match: ${JSON.stringify(alternative)}`)
  return matcher(entry[1], value)
}

/** A list in the event matches when one of what is in it does. */
const isLeafMatch = (alternatives: readonly Value[], value: Value): boolean => {
  if (alternatives.length === 0) throw new PatternFault('An empty list matches nothing.')
  // Only leaves exist, for `exists`.
  const leaves = (Array.isArray(value) ? value : [value]).map((each) => (isFields(each) ? undefined : each))
  return (leaves.length > 0 ? leaves : [undefined]).some((leaf) => alternatives.some((alternative) => isMatch(alternative, leaf)))
}

const isFieldMatch = (pattern: Value, value: Value): boolean => {
  if (Array.isArray(pattern)) return isLeafMatch(pattern, value)
  if (!isFields(pattern)) throw new PatternFault(`A pattern's values are lists: ${JSON.stringify(pattern)}`)
  const within = Array.isArray(value) ? value : [value]
  return within.some((each) => matches(pattern, isFields(each) ? each : {}))
}

/**
 * Whether an event matches an event pattern, as EventBridge's rules and pipes do: all fields, any alternative of each, `$or`.
 *
 * @throws PatternFault for what EventBridge would not take.
 */
export const matches = (pattern: Fields, event: Fields): boolean => {
  const fields = Object.entries(pattern)
  if (fields.length === 0) throw new PatternFault('An empty pattern.')
  // Every field is looked at, so that a fault in the last of them is found whatever the event.
  return fields
    .map(([name, wanted]) => {
      if (name !== '$or') return isFieldMatch(wanted, event[name])
      if (!Array.isArray(wanted) || !wanted.every(isFields)) throw new PatternFault('$or takes a list of patterns.')
      return wanted.map((each) => matches(each, event)).includes(true)
    })
    .every(Boolean)
}
