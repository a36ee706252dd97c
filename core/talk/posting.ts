import type { Post, Thread } from '#contract/talk.ts'
import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { type Found, type Ground, groundOf, lessonAt, openThread, refuseBlocked } from './ground.ts'
import { paced } from './pace.ts'
import {
  MOST_FOLLOWING,
  markRecords,
  placeOf,
  postRecords,
  type StoredMark,
  type StoredPost,
  type StoredThread,
  talkerRecords,
  tallyRecords,
  threadRecords,
  waitingRecords,
} from './records.ts'
import { excerptOf, shownPost, shownThread } from './showing.ts'
import { trying } from './trying.ts'

/** A longer one is no conversation any more, and its posts are found by number. */
const MOST_POSTS = 2000

type Words = { body: string; mentions: readonly string[] }

/** Of those named, the ones who are in this talk and whose name stands in the text. */
export const mentioned = async ({ tables, identity }: World, { course, teacherId }: Ground, { body, mentions }: Words): Promise<StoredPost['mentions']> => {
  const named = await Promise.all(
    [...new Set(mentions)].map(async (person) => {
      const talker = (await talkerRecords.get(tables, { course, person }))?.value
      const name = talker?.name ?? (person === teacherId ? (await identity.find(person))?.name : undefined)
      return name !== undefined && body.includes(`@${name}`) ? [{ id: person, name }] : []
    }),
  )
  return named.flat()
}

const firstMark = (person: string, thread: string): StoredMark => ({ person, thread, votes: [], reported: [] })

/** What the writer has read now: their own post, and so all before it. */
const readBy = async ({ tables }: World, person: string, { thread, number }: { thread: string; number: number }): Promise<Change> => {
  const before = await markRecords.get(tables, { person, thread })
  const after = { ...(before?.value ?? firstMark(person, thread)), readUpTo: number }
  return before ? markRecords.replace(before, after) : markRecords.add(after)
}

const asTalker = ({ course, writer: { id, name, as } }: Ground): Change => talkerRecords.put({ course, person: id, name, as })

/** A place’s count of threads, changed by so many. */
export const tallied = async ({ tables }: Pick<World, 'tables'>, place: string, by: number): Promise<Change> => {
  const before = await tallyRecords.get(tables, { place })
  return before ? tallyRecords.replace(before, { place, threads: before.value.threads + by }) : tallyRecords.add({ place, threads: Math.max(0, by) })
}

const aPost = ({ writer }: Ground, of: Pick<StoredPost, 'thread' | 'number' | 'at' | 'body' | 'mentions'>): StoredPost => ({
  ...of,
  by: writer,
  votes: 0,
  isRemoved: false,
})

type Beginning = Words & { course: string; lesson?: string | undefined; title: string; isQuestion: boolean; atSeconds?: number | undefined }

export const begin = async (world: World, actor: Actor, input: Beginning): Promise<Thread> => {
  const { tables, clock, ids } = world
  const ground = await groundOf(world, actor, input.course)
  const lesson = input.lesson === undefined ? undefined : await lessonAt(world, actor, ground, input.lesson)
  await refuseBlocked(world, ground)
  const at = clock.now().toISOString()
  const { course, writer, isStaff } = ground
  const { title, isQuestion, atSeconds, body } = input
  const thread: StoredThread = {
    ...{ id: ids.make('thr'), course, title, excerpt: excerptOf(body), isQuestion, by: writer, at, lastAt: at },
    ...(lesson && { lesson: { id: lesson.id, title: lesson.title } }),
    ...(lesson?.kind === 'video' && atSeconds !== undefined && { atSeconds }),
    ...{ posts: 1, votes: 0, isPinned: false, isHidden: false, isRemoved: false, people: [writer.id] },
    // The staff do not wait for themselves.
    isWaiting: isQuestion && !isStaff,
  }
  const post = aPost(ground, { thread: thread.id, number: 0, at, body, mentions: await mentioned(world, ground, input) })
  return trying(async () => {
    const changes = [
      threadRecords.add(thread),
      postRecords.add(post),
      markRecords.add({ ...firstMark(writer.id, thread.id), readUpTo: 0 }),
      asTalker(ground),
      await tallied(world, placeOf(course, lesson?.id), 1),
      await paced(world, ground, 'post'),
      ...(thread.isWaiting ? [waitingRecords.add({ course, thread: thread.id, at })] : []),
    ]
    const outcome = await tables.commit(changes, [event(world, 'talk.posted', { course, thread: thread.id, number: 0 })])
    return outcome === 'done' ? shownThread(thread) : 'conflict'
  })
}

const refuseClosed = ({ ground, thread: { value } }: Found): void => {
  if (value.locked && !ground.isStaff) throw new Refusal('not-allowed', 'This thread has been locked.', 'locked')
  if (value.posts >= MOST_POSTS) throw new Refusal('too-many', 'This thread is full. Begin a new one.', 'full')
}

export const reply = async (world: World, actor: Actor, input: Words & { thread: string }): Promise<Post> => {
  const { tables, clock } = world
  return trying(async () => {
    const found = await openThread(world, actor, input.thread)
    const { ground, thread: before } = found
    refuseClosed(found)
    await refuseBlocked(world, ground)
    const { id, course, posts: number, people, isWaiting, at: askedAt } = before.value
    const at = clock.now().toISOString()
    const post = aPost(ground, { thread: id, number, at, body: input.body, mentions: await mentioned(world, ground, input) })
    const isAnsweredNow = isWaiting && ground.isStaff
    const changes = [
      threadRecords.replace(before, {
        ...before.value,
        ...{ posts: number + 1, lastAt: at, isWaiting: isWaiting && !isAnsweredNow },
        people: people.includes(actor.id) || people.length >= MOST_FOLLOWING ? people : [...people, actor.id],
      }),
      postRecords.add(post),
      await readBy(world, actor.id, { thread: id, number }),
      asTalker(ground),
      await paced(world, ground, 'post'),
      ...(isAnsweredNow ? [waitingRecords.remove({ course, thread: id, at: askedAt })] : []),
    ]
    const outcome = await tables.commit(changes, [event(world, 'talk.posted', { course, thread: id, number })])
    return outcome === 'done' ? shownPost(ground, post) : 'conflict'
  })
}
