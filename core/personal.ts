import type { Item, Json, JsonObject } from '#ports/tables.ts'

/** Whoever leaves, whoever stands in their place where something stays, and what they wish of the rest. */
export type Leaving = {
  person: string
  email: string
  name: string
  /** What they were called before, and addresses they had that are nobody’s now, as far as the school’s records still said so. */
  former?: { names: readonly string[]; emails: readonly string[] } | undefined
  /** A pseudonym made by chance, one for each person who leaves. */
  alias: Name
  /** Who takes over their courses; the pseudonym where nobody does. */
  heir: Name
  keeps: { posts: boolean; certificates: boolean }
  at: string
}

type Name = { id: string; name: string; email: string }

export const GONE_NAME = 'Somebody who has left'
export const GONE_EMAIL = 'somebody-who-has-left@erased.invalid'

/**
 * What a kind of record has to do with people, said where the record is made: one that says nothing does not compile. `goes`: it is somebody's
 * own, and goes with them · `stays`: it is needed for what `because` says, and names somebody who has left in their place · `nobody`: it is no
 * person's; one that names somebody all the same is written anew without them.
 */
export type Personal<T> = {
  what: 'nobody' | 'goes' | 'stays'
  /** What it is, as whoever asks what is kept of them is told. */
  says: string
  because?: string
  /** Whose it is; of what has no such person it is everybody's who is named in it. */
  whose?(value: T): string | undefined
  /** What else there is to do to what stays, once it names somebody else; `goes`: this one does not stay. */
  mend?(value: T, leaving: Leaving, before: T): T | 'goes'
  /** Of what is somebody's own, what they are handed of it; left out where they may have all of it. */
  shows?(value: T): unknown
  /** It holds sentences of the school's own that call people by their names. */
  isTold?: true
  /** Who did something stands in it by their name alone, in fields called `by`. */
  isSigned?: true
  /** It is the school's work, and goes on under whoever takes it over. */
  isWork?: true
}

export const ofNobody: Personal<never> = { what: 'nobody', says: '' }
/** What a course is made of: it belongs to the school, and is named after whoever teaches it. */
export const ofTheSchool = { what: 'stays', because: 'Others learn by it; it goes on under whoever takes it over.', isWork: true } as const

export const BOOKS = 'Tax law wants the books of a school kept for years, and they must add up.'
export const TALK = 'Others have answered; the words go unless their writer leaves them there.'

const namesOf = ({ name, former }: Pick<Leaving, 'name' | 'former'>): string[] => [name, ...(former?.names ?? [])].filter((each) => each !== '')
const emailsOf = ({ email, former }: Pick<Leaving, 'email' | 'former'>): string[] => [email, ...(former?.emails ?? [])].filter((each) => each !== '')

/** Names as words of their own: Ann is not in Annabel. The pseudonym's is one of them, so that no word within it is taken for somebody called Left. */
const called = (names: readonly string[], alias: string): RegExp | undefined => {
  const words = names.filter(({ length }) => length >= 2)
  if (words.length === 0) return undefined
  const longestFirst = [alias, ...words].toSorted((one, other) => other.length - one.length).map((word) => RegExp.escape(word))
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst.join('|')})(?![\\p{L}\\p{N}])`, 'gu')
}

const wholeId = (id: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(id)}(?![\\p{L}\\p{N}])`, 'gu')

/**
 * An address that is no part of a longer one. What may stand in an address by RFC 5322 but stands around one too, in keys, links and marked-up
 * words, belongs to it only where a letter is before it (O’Brien), or not at all (`#`, `/`, `=`, `?`).
 */
const wholeEmail = (email: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{M}\\p{N}._+-]|[\\p{L}\\p{N}][!$%&'’*^\`~])${RegExp.escape(email)}(?![\\p{L}\\p{M}\\p{N}-]|\\.[\\p{L}\\p{N}])`, 'giu')

type Sought = Pick<Leaving, 'person' | 'email' | 'former'>

const anywhere = (value: Json | undefined, holds: (text: string, field: string) => boolean, field = ''): boolean => {
  if (typeof value === 'string') return holds(value, field)
  if (Array.isArray(value)) return value.some((each) => anywhere(each, holds, field))
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, each]) => holds(name, '') || anywhere(each, holds, name))
}

const hasId = (text: string, id: string): boolean => text.includes(id) && text.search(wholeId(id)) >= 0

/** Whether a text holds somebody's id or address. The regular expressions are made only where there is something to look at. */
export const isNamed = (text: string, sought: Sought): boolean => {
  if (hasId(text, sought.person)) return true
  const folded = text.toLowerCase()
  return emailsOf(sought).some((email) => folded.includes(email.toLowerCase()) && text.search(wholeEmail(email)) >= 0)
}

/** Whether an item says anything of somebody by their id or address, anywhere in it. */
export const mentions = ({ pk, sk, body }: Item, sought: Sought): boolean =>
  isNamed(pk, sought) || isNamed(sk, sought) || anywhere(body, (text) => isNamed(text, sought))

const standsFor = ({ alias }: Pick<Leaving, 'alias'>, body: JsonObject): boolean => anywhere(body, (text) => hasId(text, alias.id))

/**
 * Whether an item may have to change without a word of their id or address: signed with their name alone, whoever else has it, for nothing says
 * which of them it was and they may be of the staff no more; or a sentence that names them by their pseudonym already, and by a name they had before.
 */
export const mayName = ({ body }: Item, leaving: Leaving, { isSigned, isTold }: Pick<Personal<never>, 'isSigned' | 'isTold'>): boolean => {
  if (isTold && leaving.former?.names.length && standsFor(leaving, body)) return true
  const names = isSigned ? namesOf(leaving) : []
  return names.length > 0 && anywhere(body, (text, field) => field === 'by' && names.includes(text))
}

/**
 * The same body with somebody else in their place: their id and address wherever they stand, and the name and address beside their id, which may
 * be those they had once. In the school's own sentences their names go too, but only where the same body says by id or address that they are meant:
 * others have such a name.
 */
export const replacing = (leaving: Leaving, { isTold, isWork, isSigned }: Pick<Personal<never>, 'isTold' | 'isWork' | 'isSigned'>) => {
  const { person, name, alias, heir } = leaving
  const names = namesOf(leaving)
  const other = isWork ? heir : alias
  const id = wholeId(person)
  const addresses = emailsOf(leaving).map(wholeEmail)
  const text = (old: string, field: string, byName: RegExp | undefined): string => {
    if (isSigned && field === 'by' && names.includes(old)) return other.name
    // As functions: `$` in a name or an address means nothing.
    const unaddressed = addresses.reduce(
      (rest, address) => rest.replaceAll(address, () => other.email),
      old.replaceAll(id, () => other.id),
    )
    return byName ? unaddressed.replaceAll(byName, () => other.name) : unaddressed
  }
  const value = (old: Json, field: string, byName: RegExp | undefined): Json => {
    if (typeof old === 'string') return text(old, field, byName)
    if (Array.isArray(old)) return old.map((each) => value(each, field, byName))
    return typeof old === 'object' && old !== null ? object(old, byName) : old
  }
  const object = (old: JsonObject, named: RegExp | undefined): JsonObject => {
    const isTheirs = Object.values(old).includes(person)
    const isThem = old['id'] === person
    // Somebody with an id of their own has a name of their own.
    const byName = isTheirs || typeof old['id'] !== 'string' || typeof old['name'] !== 'string' ? named : undefined
    const within = (field: string, each: Json): Json => {
      if (typeof each === 'string' && field === 'name' && (isThem || (isTheirs && each === name))) return other.name
      if (typeof each === 'string' && field === 'email' && isThem) return other.email
      return value(each, field, byName)
    }
    return Object.fromEntries(Object.entries(old).map(([field, each]) => [text(field, '', undefined), within(field, each)]))
  }
  return (body: JsonObject): JsonObject => {
    const isMeant = isTold && (anywhere(body, (each) => isNamed(each, leaving)) || standsFor(leaving, body))
    return object(body, isMeant ? called(names, alias.name) : undefined)
  }
}
