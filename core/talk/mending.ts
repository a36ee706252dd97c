import { type Post, QUIET_EDIT_MINUTES } from '#contract/talk.ts'
import type { Actor } from '#core/handlers.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { type Found, openThread, refuseBlocked } from './ground.ts'
import { paced } from './pace.ts'
import { mentioned, tallied } from './posting.ts'
import { placeOf, postRecords, reportRecords, type StoredPost, threadRecords, waitingRecords } from './records.ts'
import { excerptOf, shownPost } from './showing.ts'
import { trying } from './trying.ts'

type Which = { thread: string; number: number }

/** A post that still stands. */
export const standingPost = async (tables: Tables, which: Which): Promise<Stored<StoredPost>> => {
  const post = await postRecords.get(tables, which)
  if (!post || post.value.isRemoved) throw missing('post')
  return post
}

const ownPost = async (tables: Tables, actor: Actor, which: Which): Promise<Stored<StoredPost>> => {
  const post = await standingPost(tables, which)
  if (post.value.by.id !== actor.id) throw new Refusal('not-allowed', 'Only who wrote it may change it.')
  return post
}

type Edited = Which & { body: string; title?: string | undefined; mentions: readonly string[] }

export const edit = async (world: World, actor: Actor, input: Edited): Promise<Post> => {
  const { tables, clock } = world
  return trying(async () => {
    const { ground, thread } = await openThread(world, actor, input.thread)
    const before = await ownPost(tables, actor, input)
    await refuseBlocked(world, ground)
    // Words that were hidden, or stand in a closed thread, stay as they were judged.
    if (!ground.isStaff && (before.value.hidden || thread.value.locked)) throw new Refusal('not-allowed', 'This cannot be changed any more.', 'locked')
    const at = clock.now().toISOString()
    const isQuiet = Date.parse(at) - Date.parse(before.value.at) <= QUIET_EDIT_MINUTES * 60_000
    const after = { ...before.value, body: input.body, mentions: await mentioned(world, ground, input), ...(!isQuiet && { editedAt: at }) }
    const isFirst = input.number === 0
    const changes = [
      postRecords.replace(before, after),
      await paced(world, ground, 'post'),
      ...(isFirst ? [threadRecords.replace(thread, { ...thread.value, excerpt: excerptOf(input.body), title: input.title ?? thread.value.title })] : []),
    ]
    return (await tables.commit(changes)) === 'done' ? shownPost(ground, after) : 'conflict'
  })
}

/** Nothing was said to it yet: all of it goes. */
const withdrawn = async (world: World, { thread: { value, version } }: Found, post: Stored<StoredPost>) => {
  const { id, course, lesson, at } = value
  return [
    threadRecords.replace({ value, version }, { ...value, title: '', excerpt: '', isRemoved: true, isWaiting: false }),
    postRecords.remove({ thread: id, number: 0 }, post),
    reportRecords.remove({ course, thread: id, number: 0 }),
    waitingRecords.remove({ course, thread: id, at }),
    await tallied(world, placeOf(course, lesson?.id), -1),
  ]
}

export const remove = async (world: World, actor: Actor, which: Which): Promise<{ done: true }> => {
  const { tables } = world
  return trying(async () => {
    const found = await openThread(world, actor, which.thread)
    const before = await ownPost(tables, actor, which)
    const { value: thread } = found.thread
    const { course, id, at } = thread
    if (which.number === 0 && thread.posts === 1) return (await tables.commit(await withdrawn(world, found, before))) === 'done' ? { done: true } : 'conflict'
    const isAnswer = thread.answer === which.number
    const { answer: _, ...unanswered } = thread
    const isFirst = which.number === 0
    const changes = [
      postRecords.replace(before, { ...before.value, body: '', mentions: [], isRemoved: true }),
      reportRecords.remove({ course, thread: id, number: which.number }),
      ...(isFirst || isAnswer
        ? [threadRecords.replace(found.thread, { ...(isAnswer ? unanswered : thread), ...(isFirst && { excerpt: '', isWaiting: false }) })]
        : [threadRecords.holds(found.thread)]),
      ...(isFirst ? [waitingRecords.remove({ course, thread: id, at })] : []),
    ]
    return (await tables.commit(changes)) === 'done' ? { done: true } : 'conflict'
  })
}
