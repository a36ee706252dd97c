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

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
/** A name as a word of its own: Ann is not in Annabel. */
const called = (name: string): RegExp | undefined => (name.length < 2 ? undefined : new RegExp(`(?<![\\p{L}\\p{N}])${escaped(name)}(?![\\p{L}\\p{N}])`, 'gu'))

type Sought = Pick<Leaving, 'person' | 'email' | 'name' | 'isStaff'>

const anywhere = (value: Json | undefined, holds: (text: string, field: string) => boolean, field = ''): boolean => {
  if (typeof value === 'string') return holds(value, field)
  if (Array.isArray(value)) return value.some((each) => anywhere(each, holds, field))
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, each]) => holds(name, '') || anywhere(each, holds, name))
}

const isNamed = (text: string, { person, email }: Sought): boolean => text.includes(person) || (email !== '' && text.toLowerCase().includes(email))

/** Whether an item says anything of somebody: by their id or address anywhere in it, by their name where a name stands alone. */
export const mentions = ({ pk, sk, body }: Item, sought: Sought, { isTold = false }: { isTold?: boolean | undefined } = {}): boolean => {
  if (isNamed(pk, sought) || isNamed(sk, sought)) return true
  const { name, isStaff } = sought
  const byName = isTold ? called(name) : undefined
  return anywhere(
    body,
    (text, field) => isNamed(text, sought) || (isStaff && field === 'by' && text === name) || (byName !== undefined && text.search(byName) >= 0),
  )
}

/** The same body with somebody else in their place: their id and address wherever they stand, and their name beside them. */
export const replacing = ({ person, email, name, isStaff, alias, heir }: Leaving, { isTold, isWork }: Pick<Personal<never>, 'isTold' | 'isWork'>) => {
  const other = isWork ? heir : alias
  const address = email === '' ? undefined : new RegExp(escaped(email), 'gi')
  const byName = isTold ? called(name) : undefined
  const text = (old: string, field: string): string => {
    if (isStaff && field === 'by' && old === name) return other.name
    const without = old.replaceAll(person, other.id)
    const unaddressed = address ? without.replaceAll(address, other.email) : without
    return byName ? unaddressed.replaceAll(byName, other.name) : unaddressed
  }
  const value = (old: Json, field: string): Json => {
    if (typeof old === 'string') return text(old, field)
    if (Array.isArray(old)) return old.map((each) => value(each, field))
    return typeof old === 'object' && old !== null ? object(old) : old
  }
  const object = (old: JsonObject): JsonObject => {
    const isTheirs = Object.values(old).includes(person)
    return Object.fromEntries(
      Object.entries(old).map(([field, each]) => [text(field, ''), isTheirs && field === 'name' && each === name ? other.name : value(each, field)]),
    )
  }
  return object
}
