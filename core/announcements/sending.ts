import { publicationRecords } from '#core/courses/records.ts'
import { event, type Hearing, hearing } from '#core/events.ts'
import { ledgerOf } from '#core/grants/access.ts'
import { isRunning } from '#core/grants/decide.ts'
import type { Timer } from '#core/handlers.ts'
import { FIRST_STEP, walk } from '#core/memberships/walking.ts'
import { notify } from '#core/notifications/notify.ts'
import type { Stored } from '#core/records.ts'
import { excerptOf } from '#core/talk/showing.ts'
import type { World } from '#ports/world.ts'
import { announcementCourseRecords, announcementRecords, SCHEDULED, type StoredAnnouncement } from './records.ts'

const SENT_A_RUN = 50
const MOST_TRIES = 5

export const pathOf = ({ course, id }: Pick<StoredAnnouncement, 'course' | 'id'>): string => `/learn/${course}/announcements#${id}`

export const announcementWith = async ({ tables }: Pick<World, 'tables'>, id: string): Promise<Stored<StoredAnnouncement> | undefined> => {
  const place = (await announcementCourseRecords.get(tables, { id }))?.value
  return place && announcementRecords.get(tables, place)
}

/** Sends it: from here on it can be read, and steps tell everybody. Once, whoever asks. */
export const sendNow = async (world: World, before: Stored<StoredAnnouncement>): Promise<StoredAnnouncement | 'conflict'> => {
  const after: StoredAnnouncement = { ...before.value, state: 'sent', at: world.clock.now().toISOString() }
  const told = event(world, 'announcement.stepped', { announcement: after.id, ...FIRST_STEP }, `${after.id}.0`)
  return (await world.tables.commit([announcementRecords.replace(before, after)], [told])) === 'done' ? after : 'conflict'
}

/** Whoever may follow the course now is told, and whoever was told is not told again. */
const tell = async (world: World, { id, course, subject, body, by }: StoredAnnouncement, people: readonly string[]): Promise<number> => {
  const at = world.clock.now().toISOString()
  const title = (await publicationRecords.get(world.tables, { id: course }))?.value.title
  let told = 0
  for (const person of people) {
    if (person === by.id || !isRunning(await ledgerOf(world.tables, { id: person }, course), at)) continue
    const notice = { person, kind: 'announcement' as const, id: `${id}.announced`, subject: title ? `${title}: ${subject}` : subject, text: excerptOf(body) }
    if ((await notify(world, { ...notice, path: pathOf({ course, id }) })) === 'told') told += 1
  }
  return told
}

const stepped = hearing('announcements.step', 'announcement.stepped', async (world, step) => {
  const first = await announcementWith(world, step.announcement)
  if (first?.value.state !== 'sent') return
  const { people, after } = await walk(world, first.value.course, step)
  const told = await tell(world, first.value, people)
  const events = after ? [event(world, 'announcement.stepped', { announcement: step.announcement, ...after }, `${step.announcement}.${after.step}`)] : []
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const before = await announcementWith(world, step.announcement)
    if (before?.value.state !== 'sent') return
    const counted = { ...before.value, told: before.value.told + told, isTold: after === undefined }
    if ((await world.tables.commit([announcementRecords.replace(before, counted)], events)) === 'done') return
  }
  throw new Error('An announcement’s step could not be written down.')
})

/** Sends what was scheduled, when its moment has come. */
export const scheduled: Timer = {
  name: 'announcements.scheduled',
  everySeconds: 60,
  run: async (world) => {
    const { items } = await announcementRecords.listIndex(world.tables, SCHEDULED, { limit: SENT_A_RUN })
    const now = world.clock.now().toISOString()
    for (const { course, id, at } of items) {
      if (at !== undefined && at > now) return
      const before = await announcementRecords.get(world.tables, { course, id })
      // An index may be late: it may have been held or moved meanwhile.
      if (before?.value.state === 'scheduled' && before.value.at !== undefined && before.value.at <= now) await sendNow(world, before)
    }
  },
}

export const sendings: readonly Hearing[] = [stepped]
