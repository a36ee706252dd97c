import type { Item, Json, JsonObject } from '#ports/tables.ts'

/** Whoever leaves, whoever stands in their place where something stays, and what they wish of the rest. */
export type Leaving = {
  person: string
  email: string
  name: string
  /** What staff did bears their name alone in some places. */
  isStaff: boolean
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
  /** It is the school's work, and goes on under whoever takes it over. */
  isWork?: true
}

export const ofNobody: Personal<never> = { what: 'nobody', says: '' }
/** What a course is made of: it belongs to the school, and is named after whoever teaches it. */
export const ofTheSchool = { what: 'stays', because: 'Others learn by it; it goes on under whoever takes it over.', isWork: true } as const

export const BOOKS = 'Tax law wants the books of a school kept for years, and they must add up.'
export const TALK = 'Others have answered; the words go unless their writer leaves them there.'

/** A name as a word of its own: Ann is not in Annabel. */
const called = (name: string): RegExp | undefined =>
  name.length < 2 ? undefined : new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(name)}(?![\\p{L}\\p{N}])`, 'gu')

const wholeId = (id: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(id)}(?![\\p{L}\\p{N}])`, 'gu')

/**
 * An address that is no part of a longer one. What may stand in an address by RFC 5322 but stands around one too, in keys, links and marked-up
 * words, belongs to it only where a letter is before it (O’Brien), or not at all (`#`, `/`, `=`, `?`).
 */
const wholeEmail = (email: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{M}\\p{N}._+-]|[\\p{L}\\p{N}][!$%&'’*^\`~])${RegExp.escape(email)}(?![\\p{L}\\p{M}\\p{N}-]|\\.[\\p{L}\\p{N}])`, 'giu')

type Sought = Pick<Leaving, 'person' | 'email' | 'name' | 'isStaff'>

const anywhere = (value: Json | undefined, holds: (text: string, field: string) => boolean, field = ''): boolean => {
  if (typeof value === 'string') return holds(value, field)
  if (Array.isArray(value)) return value.some((each) => anywhere(each, holds, field))
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, each]) => holds(name, '') || anywhere(each, holds, name))
}

/** Whether a text holds somebody's id or address. The regular expressions are made only where there is something to look at. */
export const isNamed = (text: string, { person, email }: Pick<Sought, 'person' | 'email'>): boolean =>
  (text.includes(person) && text.search(wholeId(person)) >= 0) ||
  (email !== '' && text.toLowerCase().includes(email.toLowerCase()) && text.search(wholeEmail(email)) >= 0)

/** Whether an item says anything of somebody: by their id or address anywhere in it, or, of the staff, by their name alone where that says who did it. */
export const mentions = ({ pk, sk, body }: Item, sought: Sought): boolean => {
  if (isNamed(pk, sought) || isNamed(sk, sought)) return true
  const { name, isStaff } = sought
  return anywhere(body, (text, field) => isNamed(text, sought) || (isStaff && field === 'by' && text === name))
}

/**
 * The same body with somebody else in their place: their id and address wherever they stand, and their name beside them. In the school's own
 * sentences their name goes too, but only where the same body says by id or address that they are meant: others have that name.
 */
export const replacing = ({ person, email, name, isStaff, alias, heir }: Leaving, { isTold, isWork }: Pick<Personal<never>, 'isTold' | 'isWork'>) => {
  const other = isWork ? heir : alias
  const id = wholeId(person)
  const address = email === '' ? undefined : wholeEmail(email)
  const text = (old: string, field: string, byName: RegExp | undefined): string => {
    if (isStaff && field === 'by' && old === name) return other.name
    // As functions: `$` in a name or an address means nothing.
    const without = old.replaceAll(id, () => other.id)
    const unaddressed = address ? without.replaceAll(address, () => other.email) : without
    return byName ? unaddressed.replaceAll(byName, () => other.name) : unaddressed
  }
  const value = (old: Json, field: string, byName: RegExp | undefined): Json => {
    if (typeof old === 'string') return text(old, field, byName)
    if (Array.isArray(old)) return old.map((each) => value(each, field, byName))
    return typeof old === 'object' && old !== null ? object(old, byName) : old
  }
  const object = (old: JsonObject, named: RegExp | undefined): JsonObject => {
    const isTheirs = Object.values(old).includes(person)
    // Somebody with an id of their own has a name of their own.
    const byName = isTheirs || typeof old['id'] !== 'string' || typeof old['name'] !== 'string' ? named : undefined
    return Object.fromEntries(
      Object.entries(old).map(([field, each]) => [
        text(field, '', undefined),
        isTheirs && field === 'name' && each === name ? other.name : value(each, field, byName),
      ]),
    )
  }
  return (body: JsonObject): JsonObject => {
    const isMeant = isTold && anywhere(body, (each) => isNamed(each, { person, email }))
    return object(body, isMeant ? called(name) : undefined)
  }
}
