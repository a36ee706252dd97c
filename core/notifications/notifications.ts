import type { notifications as contract, NoticeKind, Notification, Stoppable } from '#contract/notifications.ts'
import { hasRole } from '#contract/roles.ts'
import { type Hearing, hearing } from '#core/events.ts'
import type { Actor, Feature, Handlers } from '#core/handlers.ts'
import { writeIfWanted } from '#core/notices/write.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { choicesOf, choose, personOfToken, preferencesIn, stopDaily } from './choices.ts'
import { digests } from './digest.ts'
import { setLanguage } from './language.ts'
import { listOf, notificationRecords, type StoredNotification, seenRecords } from './records.ts'

type Handling = Handlers<typeof contract>

const MOST_COUNTED = 50
/** Pages that are looked through for one kind, before the reader is asked to go on. */
const MOST_PAGES = 5

const seenUpTo = async ({ tables }: World, person: string): Promise<string> => (await seenRecords.get(tables, { person }))?.value.upTo ?? ''

const shown = ({ person: _, isRead, ...told }: StoredNotification, upTo: string): Notification => ({ ...told, isRead: isRead ?? told.at <= upTo })

type Wanted = { kind?: NoticeKind | undefined; limit: number; page?: string | undefined }

const listed = async ({ tables }: World, person: string, { kind, limit, page }: Wanted): Promise<{ items: StoredNotification[]; next?: string }> => {
  const items: StoredNotification[] = []
  let next = page
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const one = await notificationRecords.listIndex(tables, listOf(person), { descending: true, limit, ...(next !== undefined && { page: next }) })
    items.push(...one.items.filter((each) => kind === undefined || each.kind === kind))
    next = one.next
    if (next === undefined || items.length >= limit) break
  }
  return { items, ...(next !== undefined && { next }) }
}

const mine: Handling['mine'] = async (world, actor, wanted) => {
  const upTo = await seenUpTo(world, actor.id)
  const newest = await notificationRecords.listIndex(world.tables, listOf(actor.id), { descending: true, limit: MOST_COUNTED })
  const unread = newest.items.filter((each) => !shown(each, upTo).isRead).length
  const { items, next } = await listed(world, actor.id, wanted)
  return { notifications: items.map((each) => shown(each, upTo)), unread, ...(next !== undefined && { next }) }
}

const read: Handling['read'] = async (world, actor, { ids, isRead }) => {
  const { tables, clock } = world
  if (ids === undefined) {
    // Only forwards: what one has not read is said of single ones.
    if (isRead) await tables.commit([seenRecords.put({ person: actor.id, upTo: clock.now().toISOString() })])
    return { done: true }
  }
  const found = await Promise.all([...new Set(ids)].map((id) => notificationRecords.get(tables, { person: actor.id, id })))
  const changes: Change[] = found.flatMap((each) => (each ? [notificationRecords.put({ ...each.value, isRead })] : []))
  if (changes.length > 0) await tables.commit(changes)
  return { done: true }
}

const preferencesOf = async (world: World, actor: Actor) => ({
  preferences: preferencesIn((await choicesOf(world, actor.id)).value.mail, hasRole(actor, 'instructor')),
})

const stop = async (world: World, { token, kind, mail }: { token: string; kind: Stoppable; mail: 'at-once' | 'daily' | 'never' }) => {
  const person = await personOfToken(world, token)
  if (kind === 'daily') {
    await stopDaily(world, person)
    return { kind, mail: 'never' as const }
  }
  const { before } = await choose(world, person, { kind, mail })
  return { kind, mail, before }
}

const mails: Hearing = hearing('notifications.mail', 'notification.made', async (world, { person, notification: id }) => {
  const told = (await notificationRecords.get(world.tables, { person, id }))?.value
  if (!told) return
  const { kind, subject, text, path, names } = told
  await writeIfWanted(world, {
    id: `ntf.${person}.${id}`,
    person,
    kind,
    names,
    content: ({ frame }) => ({
      subject,
      paragraphs: text === undefined ? [] : [text],
      action: { label: frame.open, url: `${world.settings.url}${path}` },
    }),
  })
})

export const notifications: Feature<typeof contract> = {
  handlers: {
    mine,
    read,
    preferences: preferencesOf,
    choose: async (world, actor, wanted) => {
      const { mail } = await choose(world, actor.id, wanted)
      return { preferences: preferencesIn(mail, hasRole(actor, 'instructor')) }
    },
    setLanguage: async (world, actor, { language }) => {
      await setLanguage(world, actor.id, language)
      return { done: true }
    },
    stop: (world, _actor, input) => stop(world, input),
  },
  hearings: [mails],
  timers: [digests],
}
