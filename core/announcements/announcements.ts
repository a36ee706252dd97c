import type { Announcement, announcements as contract } from '#contract/announcements.ts'
import { ownCourse } from '#core/courses/outline.ts'
import type { Actor, Feature, Handlers } from '#core/handlers.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { groundOf } from '#core/talk/ground.ts'
import type { World } from '#ports/world.ts'
import { announcementCourseRecords, announcementRecords, type StoredAnnouncement } from './records.ts'
import { announcementWith, scheduled, sendings, sendNow } from './sending.ts'

type Handling = Handlers<typeof contract>

const A_PAGE = 20
/** So that a slip of the finger schedules nothing for another century. */
const FURTHEST_MS = 366 * 86_400_000

const shown = ({ told, isTold, ...rest }: StoredAnnouncement, isStaff: boolean): Announcement => ({ ...rest, ...(isStaff && { told, isTold }) })

const changed = (): Refusal => new Refusal('conflict', 'The announcement was changed elsewhere in the meantime. Load it again.')

const own = async (world: World, actor: Actor, id: string): Promise<Stored<StoredAnnouncement>> => {
  const found = await announcementWith(world, id)
  if (!found) throw missing('announcement')
  await ownCourse(world.tables, actor, found.value.course, { to: 'teach', named: 'announcement' })
  return found
}

const save = async ({ tables }: World, before: Stored<StoredAnnouncement>, after: StoredAnnouncement): Promise<Announcement> => {
  if ((await tables.commit([announcementRecords.replace(before, after)])) === 'conflict') throw changed()
  return shown(after, true)
}

const draft = ({ at: _, ...rest }: StoredAnnouncement): StoredAnnouncement => ({ ...rest, state: 'draft' })

const refuseSent = ({ value: { state } }: Stored<StoredAnnouncement>): void => {
  if (state === 'sent') throw new Refusal('conflict', 'This has gone out already.')
}

const list: Handling['list'] = async (world, actor, { course, page }) => {
  const { mayTeach: isStaff } = await groundOf(world, actor, course)
  const listed = await announcementRecords.list(world.tables, `announcements#${course}`, {
    descending: true,
    limit: A_PAGE,
    ...(page !== undefined && { page }),
  })
  const seen = listed.items.filter(({ state }) => isStaff || state === 'sent')
  return { announcements: seen.map((each) => shown(each, isStaff)), mayWrite: isStaff, ...(listed.next !== undefined && { next: listed.next }) }
}

const write: Handling['write'] = async (world, actor, { course, subject, body }) => {
  const { tables, clock, ids } = world
  await ownCourse(tables, actor, course, { to: 'teach' })
  const id = ids.make('ann')
  const begun: StoredAnnouncement = {
    ...{ id, course, subject, body, by: { id: actor.id, name: actor.name }, state: 'draft' },
    ...{ createdAt: clock.now().toISOString(), told: 0, isTold: false },
  }
  await tables.commit([announcementRecords.add(begun), announcementCourseRecords.add({ id, course })])
  return shown(begun, true)
}

const send: Handling['send'] = async (world, actor, { announcement, at }) => {
  const before = await own(world, actor, announcement)
  refuseSent(before)
  if (before.value.body.trim() === '') throw new Refusal('bad-input', 'Write something first.', 'blank')
  const now = world.clock.now().getTime()
  if (at !== undefined && Date.parse(at) > now) {
    if (Date.parse(at) > now + FURTHEST_MS) throw new Refusal('bad-input', 'Choose a moment within a year.', 'too-far')
    return save(world, before, { ...before.value, state: 'scheduled', at: new Date(at).toISOString() })
  }
  const sent = await sendNow(world, before)
  if (sent === 'conflict') throw changed()
  return shown(sent, true)
}

export const announcements: Feature<typeof contract> = {
  handlers: {
    list,
    write,
    change: async (world, actor, { announcement, subject, body }) => {
      const before = await own(world, actor, announcement)
      if (before.value.state !== 'draft' && body.trim() === '') throw new Refusal('bad-input', 'It says nothing any more: remove it instead.', 'blank')
      return save(world, before, { ...before.value, subject, body })
    },
    send,
    hold: async (world, actor, { announcement }) => {
      const before = await own(world, actor, announcement)
      refuseSent(before)
      return save(world, before, draft(before.value))
    },
    remove: async (world, actor, { announcement }) => {
      const before = await own(world, actor, announcement)
      const { id, course } = before.value
      const outcome = await world.tables.commit([announcementRecords.remove({ course, id }, before), announcementCourseRecords.remove({ id })])
      if (outcome === 'conflict') throw changed()
      return { done: true }
    },
  },
  hearings: sendings,
  timers: [scheduled],
}
