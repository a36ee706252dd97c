import { EVENTS } from '#core/events.ts'
import { kindFinder } from '#core/privacy/kinds.ts'
import type { Event, Item, Tables } from '#ports/tables.ts'

/** What this version of the school cannot read, by where it lies, and why. */
export type Unread = { what: string; says: string }

const whyNot = (read: () => unknown): string | undefined => {
  try {
    read()
    return undefined
  } catch (error) {
    // A schema's own message names fields, and never what stands in them.
    return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ')
  }
}

/**
 * Reads every record there is as the school reads it. What was written by an earlier version may lack what came later, and has to be read all the
 * same; what no kind of record answers to was left by nobody we know.
 */
export const readEverything = async (tables: Pick<Tables, 'every'>): Promise<{ read: number; unread: Unread[] }> => {
  const finder = kindFinder()
  const unread: Unread[] = []
  let read = 0
  const look = ({ pk, sk, body }: Item): void => {
    const kind = finder({ pk, sk })
    const says = kind ? whyNot(() => kind.parse(body)) : 'It is of no kind that this version knows.'
    if (says !== undefined) unread.push({ what: `${pk} · ${sk}`, says })
    read += 1
  }
  for (let page: string | undefined, isFirst = true; isFirst || page !== undefined; isFirst = false) {
    const { items, next } = await tables.every(page)
    items.forEach(look)
    page = next
  }
  return { read, unread }
}

/** The same of what is still to be told. */
export const unreadEvent = ({ id, name, payload }: Pick<Event, 'id' | 'name' | 'payload'>): Unread | undefined => {
  // Only looked up by it.
  const schema = Object.hasOwn(EVENTS, name) ? EVENTS[name as keyof typeof EVENTS] : undefined
  const says = schema ? whyNot(() => schema.parse(payload)) : 'Nobody in this version tells of such a thing.'
  return says === undefined ? undefined : { what: `event ${id} (${name})`, says }
}
