import type { Moderation } from '#contract/talk.ts'
import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { openThread, staffGround } from './ground.ts'
import { standingPost } from './mending.ts'
import { blockedRecords, postRecords, reportRecords, type StoredPost, type StoredThread, talkerRecords, threadRecords, waitingRecords } from './records.ts'
import { trying } from './trying.ts'

type Done = { done: true }
type Measure = NonNullable<StoredPost['hidden']>
type Judged = { thread: StoredThread; post: StoredPost; measure: Measure }

const answered = (thread: StoredThread, number: number | undefined): StoredThread => {
  const { answer: _, ...rest } = thread
  return number === undefined ? rest : { ...rest, answer: number, isWaiting: false }
}

/** What becomes of thread and post. */
const JUDGED: Record<Moderation, (judged: Judged) => { thread: StoredThread; post: StoredPost }> = {
  hide: ({ thread, post, measure }) => ({
    thread: post.number === 0 ? { ...thread, isHidden: true, isWaiting: false } : thread.answer === post.number ? answered(thread, undefined) : thread,
    post: { ...post, hidden: measure },
  }),
  show: ({ thread, post: { hidden: _, ...post } }) => ({ thread: post.number === 0 ? { ...thread, isHidden: false } : thread, post }),
  dismiss: ({ thread, post }) => ({ thread, post }),
  lock: ({ thread, post, measure }) => ({ thread: { ...thread, locked: measure, isWaiting: false }, post }),
  unlock: ({ thread: { locked: _, ...thread }, post }) => ({ thread, post }),
  pin: ({ thread, post }) => ({ thread: { ...thread, isPinned: true }, post }),
  unpin: ({ thread, post }) => ({ thread: { ...thread, isPinned: false }, post }),
  answer: ({ thread, post }) => ({ thread: answered(thread, post.number), post }),
  unanswer: ({ thread, post }) => ({ thread: answered(thread, undefined), post }),
}

const NEEDS_REASON: readonly Moderation[] = ['hide', 'lock']
const OF_WHO_ASKED: readonly Moderation[] = ['answer', 'unanswer']
/** These settle what was reported of a post. */
const SETTLES: readonly Moderation[] = ['hide', 'show', 'dismiss']

type Asked = { thread: string; number: number; what: Moderation; reason?: string | undefined }

export const moderate = async (world: World, actor: Actor, { thread: id, number, what, reason }: Asked): Promise<Done> => {
  const { tables, clock } = world
  if (reason === undefined && NEEDS_REASON.includes(what)) throw new Refusal('bad-input', 'Say why: whoever wrote it will read it.')
  return trying(async () => {
    const { ground, thread } = await openThread(world, actor, id)
    const mayAsAsker = OF_WHO_ASKED.includes(what) && thread.value.by.id === actor.id
    if (!ground.isStaff && !mayAsAsker) throw new Refusal('not-allowed', 'Only the course’s staff may do this.')
    const post = await standingPost(tables, { thread: id, number })
    // The question is not its own answer, and what nobody can read answers nothing.
    if (what === 'answer' && (number === 0 || post.value.hidden)) throw new Refusal('bad-input', 'Choose a reply that can be read.')
    const measure = { at: clock.now().toISOString(), by: actor.name, reason: reason ?? '' }
    const after = JUDGED[what]({ thread: thread.value, post: post.value, measure })
    const { course, at } = thread.value
    const changes: Change[] = [
      threadRecords.replace(thread, after.thread),
      postRecords.replace(post, after.post),
      ...(SETTLES.includes(what) ? [reportRecords.remove({ course, thread: id, number })] : []),
      ...(after.thread.isWaiting ? [] : [waitingRecords.remove({ course, thread: id, at })]),
    ]
    const isTold = NEEDS_REASON.includes(what)
    const events = isTold ? [event(world, 'talk.moderated', { thread: id, number, what: what === 'hide' ? 'hidden' : 'locked', by: actor.id })] : []
    return (await tables.commit(changes, events)) === 'done' ? { done: true } : 'conflict'
  })
}

type Block = { course: string; person: string; isBlocked: boolean; reason?: string | undefined }

/** Whoever is blocked goes on reading. Only somebody who has written can be: nobody else’s name is known here. */
export const block = async (world: World, actor: Actor, { course, person, isBlocked, reason }: Block): Promise<Done> => {
  const { tables, clock } = world
  await staffGround(world, actor, course)
  if (!isBlocked) {
    await tables.commit([blockedRecords.remove({ course, person })])
    return { done: true }
  }
  if (reason === undefined) throw new Refusal('bad-input', 'Say why: they will read it.')
  const talker = (await talkerRecords.get(tables, { course, person }))?.value
  if (!talker) throw missing('person')
  if (talker.as !== 'learner') throw new Refusal('not-allowed', 'The staff of a course cannot be blocked in it.')
  await tables.commit([blockedRecords.put({ course, person, name: talker.name, at: clock.now().toISOString(), by: actor.name, reason })])
  return { done: true }
}
