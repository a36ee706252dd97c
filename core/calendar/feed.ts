import type { CalendarEntry } from '#contract/calendar.ts'
import type { Actor } from '#core/handlers.ts'
import { isBefore, plus } from '#core/moments.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { entriesOf } from './entries.ts'
import { type IcsEntry, icsFile } from './ics.ts'
import { feedRecords, feedTokenRecords } from './records.ts'

const KEPT_PAST_MS = 90 * 86_400_000
const MOST_ENTRIES = 1000
const MOST_TRIES = 5

const urlOf = ({ settings }: Pick<World, 'settings'>, token: string): string => `${settings.url}/api/calendar/feeds/${token}`

export const myFeed = async (world: World, actor: Actor): Promise<{ url?: string }> => {
  const feed = await feedRecords.get(world.tables, { person: actor.id })
  return feed ? { url: urlOf(world, feed.value.token) } : {}
}

/** Whoever has given the address away makes another: the one before leads nowhere from then on. */
export const makeFeed = async (world: World, actor: Actor): Promise<{ url: string }> => {
  const { tables, ids } = world
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const before = await feedRecords.get(tables, { person: actor.id })
    const feed = { person: actor.id, token: ids.secret(24) }
    const own = before ? [feedRecords.replace(before, feed), feedTokenRecords.remove({ token: before.value.token })] : [feedRecords.add(feed)]
    if ((await tables.commit([...own, feedTokenRecords.add(feed)])) === 'done') return { url: urlOf(world, feed.token) }
  }
  throw new Refusal('conflict', 'Your calendar is being changed elsewhere at this moment. Try again.')
}

export const removeFeed = async ({ tables }: World, actor: Actor): Promise<{ done: true }> => {
  const before = await feedRecords.get(tables, { person: actor.id })
  if (before) await tables.commit([feedRecords.remove({ person: actor.id }), feedTokenRecords.remove({ token: before.value.token })])
  return { done: true }
}

const WORDS: Record<CalendarEntry['kind'], (title: string) => string> = {
  session: (title) => title,
  due: (title) => `Due: ${title}`,
  opening: (title) => `Opens: ${title}`,
}

const icsEntry = ({ settings }: World, { kind, at, minutes, title, course, lesson }: CalendarEntry): IcsEntry => {
  const url = lesson === undefined ? `${settings.url}/calendar` : `${settings.url}/learn/${course.id}/${lesson}`
  const host = new URL(settings.url).hostname
  // A lesson has one moment; a section is known by its course and its day.
  const uid =
    kind === 'opening'
      ? `${course.id}-${at.replaceAll(/\D/g, '')}@${host}`
      : `${lesson ?? `${course.id}-${Buffer.from(title).toString('hex').slice(0, 40)}`}@${host}`
  return { uid, startsAt: at, minutes: minutes ?? 0, title: WORDS[kind](title), says: `${course.title}\n${url}`, url }
}

/** A calendar for other programs. Whoever may not sign in any more has none. */
export const readFeed = async (world: World, token: string): Promise<File> => {
  const feed = await feedTokenRecords.get(world.tables, { token })
  const person = feed && (await world.identity.find(feed.value.person))
  if (!person || person.isDisabled) throw missing('calendar')
  const now = world.clock.now()
  const since = plus(now.toISOString(), -KEPT_PAST_MS)
  const entries = (await entriesOf(world, person)).filter(({ at }) => !isBefore(at, since)).slice(0, MOST_ENTRIES)
  const file = icsFile(
    entries.map((entry) => icsEntry(world, entry)),
    { name: world.settings.schoolName, now },
  )
  return new File([file], 'calendar.ics', { type: 'text/calendar; charset=utf-8' })
}
