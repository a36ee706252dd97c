import type { talk as contract, Post, Report } from '#contract/talk.ts'
import type { Actor, Handlers } from '#core/handlers.ts'
import type { World } from '#ports/world.ts'
import { groundOf, lessonAt, openThread, staffGround } from './ground.ts'
import {
  blockedRecords,
  markRecords,
  namesIn,
  placeOf,
  postRecords,
  reportRecords,
  type StoredThread,
  soughtName,
  talkerRecords,
  tallyRecords,
  threadRecords,
  waitingRecords,
} from './records.ts'
import { leaveOf, shownPost, shownThread } from './showing.ts'

const THREADS_A_PAGE = 20
const POSTS_A_PAGE = 30
const MOST_SUGGESTED = 8

type Reading = Pick<Handlers<typeof contract>, 'threads' | 'thread' | 'people' | 'desk'>

const markOf = async ({ tables }: World, actor: Actor, thread: string) => (await markRecords.get(tables, { person: actor.id, thread }))?.value

const withMark = async (world: World, actor: Actor, thread: StoredThread) => shownThread(thread, await markOf(world, actor, thread.id))

const paged = (page: string | undefined) => (page === undefined ? {} : { page })
const next = (page: string | undefined) => (page === undefined ? {} : { next: page })

const threads: Reading['threads'] = async (world, actor, { course, lesson, page }) => {
  const ground = await groundOf(world, actor, course)
  if (lesson !== undefined) await lessonAt(world, actor, ground, lesson)
  const place = placeOf(course, lesson)
  const listed = await threadRecords.listIndex(world.tables, place, { descending: true, limit: THREADS_A_PAGE, ...paged(page) })
  const seen = listed.items.filter(({ isHidden, by }) => !isHidden || ground.isStaff || by.id === actor.id)
  const tally = await tallyRecords.get(world.tables, { place })
  return {
    threads: await Promise.all(seen.map((thread) => withMark(world, actor, thread))),
    total: tally?.value.threads ?? 0,
    leave: await leaveOf(world, ground),
    ...next(listed.next),
  }
}

const thread: Reading['thread'] = async (world, actor, { thread: id, page }) => {
  const { tables } = world
  const found = await openThread(world, actor, id)
  const { ground } = found
  const mark = await markOf(world, actor, id)
  const shown = (post: Parameters<typeof shownPost>[1]): Post => shownPost(ground, post, mark)
  const listed = await postRecords.list(tables, `thread#${id}`, { prefix: 'post#', limit: POSTS_A_PAGE, ...paged(page) })
  const { answer: number } = found.thread.value
  const answer = number === undefined || page !== undefined ? undefined : (await postRecords.get(tables, { thread: id, number }))?.value
  return {
    thread: shownThread(found.thread.value, mark),
    posts: listed.items.map(shown),
    ...(answer && { answer: shown(answer) }),
    leave: await leaveOf(world, ground),
    ...next(listed.next),
  }
}

const people: Reading['people'] = async (world, actor, { course, begins }) => {
  const { teacherId } = await groundOf(world, actor, course)
  const prefix = soughtName(begins)
  const { items } = await talkerRecords.listIndex(world.tables, namesIn(course), { limit: MOST_SUGGESTED, ...(prefix !== '' && { prefix }) })
  const found = items.map(({ person, name, as }) => ({ id: person, name, as }))
  const teacher = found.some(({ id }) => id === teacherId) ? undefined : await world.identity.find(teacherId)
  const isMeant = teacher !== undefined && soughtName(teacher.name).startsWith(prefix)
  const all = [...(isMeant ? [{ id: teacher.id, name: teacher.name, as: 'teacher' as const }] : []), ...found]
  return { people: all.filter(({ id }) => id !== actor.id).slice(0, MOST_SUGGESTED) }
}

const EMPTY = { questions: [], reports: [], blocked: [] }

const stored = async ({ tables }: World, ids: readonly string[]): Promise<StoredThread[]> => {
  const found = await Promise.all(ids.map((id) => threadRecords.get(tables, { id })))
  return found.flatMap((each) => (each && !each.value.isRemoved ? [each.value] : []))
}

const reported = async (world: World, course: string, page: string | undefined): Promise<{ reports: Report[]; next?: string }> => {
  const listed = await reportRecords.list(world.tables, `talk#${course}`, { prefix: 'report#', limit: THREADS_A_PAGE, ...paged(page) })
  const reports = await Promise.all(
    listed.items.map(async ({ thread: id, number, times, reasons }): Promise<Report[]> => {
      const [of] = await stored(world, [id])
      const post = (await postRecords.get(world.tables, { thread: id, number }))?.value
      if (!of || !post || post.isRemoved) return []
      const { by, at, body, hidden } = post
      const said = reasons.map(({ reason, at: when }) => ({ reason, at: when }))
      return [{ thread: shownThread(of), post: { number, by, at, body, isHidden: hidden !== undefined }, times, reasons: said }]
    }),
  )
  return { reports: reports.flat(), ...next(listed.next) }
}

const desk: Reading['desk'] = async (world, actor, { course, what, page }) => {
  await staffGround(world, actor, course)
  const options = { limit: THREADS_A_PAGE, ...paged(page) }
  if (what === 'reports') return { ...EMPTY, ...(await reported(world, course, page)) }
  if (what === 'blocked') {
    const listed = await blockedRecords.list(world.tables, `talk#${course}`, { prefix: 'blocked#', ...options })
    return { ...EMPTY, blocked: listed.items.map(({ person, name, reason, at }) => ({ id: person, name, reason, at })), ...next(listed.next) }
  }
  const listed = await waitingRecords.list(world.tables, `talk#${course}`, { prefix: 'waiting#', ...options })
  const waiting = await stored(
    world,
    listed.items.map((each) => each.thread),
  )
  return { ...EMPTY, questions: await Promise.all(waiting.map((each) => withMark(world, actor, each))), ...next(listed.next) }
}

/** Everything that is asked of the talk and changes nothing. */
export const reading: Reading = { threads, thread, people, desk }
