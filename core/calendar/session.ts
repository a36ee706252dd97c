import type { SessionView } from '#contract/calendar.ts'
import type { LiveSession, SessionState } from '#contract/live.ts'
import { refuseKeptLesson } from '#core/courses/kept.ts'
import { ownLesson, saveCourse } from '#core/courses/outline.ts'
import { lessonRecords, type StoredLesson } from '#core/courses/records.ts'
import { openedLesson } from '#core/grants/access.ts'
import type { Actor } from '#core/handlers.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { type IcsEntry, icsFile } from './ics.ts'

const MINUTE_MS = 60_000

export const setSession = async (world: World, actor: Actor, { lesson: id, session }: { lesson: string; session: LiveSession }): Promise<LiveSession> => {
  const { lesson, course } = await ownLesson(world.tables, actor, id, { to: 'edit' })
  refuseKeptLesson(lesson.value)
  if (lesson.value.kind !== 'live') throw new Refusal('bad-input', 'Only a live session has a time.')
  await saveCourse(world, course, { course: {}, changes: [lessonRecords.replace(lesson, { ...lesson.value, live: session })] })
  return session
}

/** When the link is shown to those who have the course; undefined where there is none. */
const linkAt = ({ startsAt, link, opensMinutes }: LiveSession): number | undefined => {
  if (link === undefined) return undefined
  return opensMinutes === undefined ? 0 : Date.parse(startsAt) - opensMinutes * MINUTE_MS
}

export const endsAt = ({ startsAt, minutes }: Pick<LiveSession, 'startsAt' | 'minutes'>): string =>
  new Date(Date.parse(startsAt) + minutes * MINUTE_MS).toISOString()

const stateOf = (session: LiveSession, now: number): SessionState => {
  if (now >= Date.parse(endsAt(session))) return 'over'
  return now >= Date.parse(session.startsAt) ? 'now' : 'upcoming'
}

/** One session in a calendar. It leads to the lesson, which knows who may follow the link. */
export const sessionEntry = (
  { settings }: Pick<World, 'settings'>,
  { id, course, title }: Pick<StoredLesson, 'id' | 'course' | 'title'>,
  live: LiveSession,
): IcsEntry => {
  const url = `${settings.url}/learn/${course}/${id}`
  return { uid: `${id}@${new URL(settings.url).hostname}`, startsAt: live.startsAt, minutes: live.minutes, title, says: `Take part: ${url}`, url }
}

export const session = async (world: World, actor: Actor | undefined, { lesson: id }: { lesson: string }): Promise<SessionView> => {
  const { lesson, because } = await openedLesson(world, actor, id)
  const { live } = lesson
  if (lesson.kind !== 'live' || !live) throw missing('session')
  const now = world.clock.now()
  const [shownAt, state] = [linkAt(live), stateOf(live, now.getTime())]
  // What a preview shows, everybody may pass on.
  const mayJoin = because !== 'preview'
  const isStaff = because === 'admin' || because === 'teaches'
  const isShown = mayJoin && shownAt !== undefined && (isStaff || (now.getTime() >= shownAt && state !== 'over'))
  return {
    ...{ startsAt: live.startsAt, minutes: live.minutes, state, now: now.toISOString(), mayJoin },
    ...(isShown && { link: live.link }),
    ...(mayJoin && shownAt !== undefined && { linkAt: new Date(shownAt).toISOString() }),
    file: icsFile([sessionEntry(world, lesson, live)], { name: world.settings.schoolName, now }),
  }
}
