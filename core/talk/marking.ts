import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { type Found, openThread, refuseBlocked } from './ground.ts'
import { standingPost } from './mending.ts'
import { paced } from './pace.ts'
import { MOST_REASONS, markRecords, postRecords, reportRecords, type StoredMark, threadRecords } from './records.ts'
import { trying } from './trying.ts'

type Done = { done: true }
type Vote = { number: number; isUp: boolean }

/** A vote more or less: on the post, and on the thread where the post is its first. */
const voted = async (world: World, { ground, thread }: Found, vote: Vote): Promise<Change[]> => {
  await refuseBlocked(world, ground)
  const post = await standingPost(world.tables, { thread: thread.value.id, number: vote.number })
  if (post.value.by.id === ground.writer.id) throw new Refusal('not-allowed', 'A vote is for what others wrote.')
  const by = vote.isUp ? 1 : -1
  return [
    postRecords.replace(post, { ...post.value, votes: post.value.votes + by }),
    ...(vote.number === 0 ? [threadRecords.replace(thread, { ...thread.value, votes: thread.value.votes + by })] : []),
    await paced(world, ground, 'mark'),
  ]
}

const withVote = (votes: readonly number[], { number, isUp }: Vote): number[] => {
  const others = votes.filter((each) => each !== number)
  return isUp ? [...others, number] : others
}

type Marked = { thread: string; vote?: Vote | undefined; readUpTo?: number | undefined }

export const mark = async (world: World, actor: Actor, { thread: id, vote, readUpTo }: Marked): Promise<Done> => {
  const { tables } = world
  return trying(async () => {
    const found = await openThread(world, actor, id)
    const before = await markRecords.get(tables, { person: actor.id, thread: id })
    const mine: StoredMark = before?.value ?? { person: actor.id, thread: id, votes: [], reported: [] }
    // Asked for twice is asked for once.
    const isNews = vote !== undefined && mine.votes.includes(vote.number) !== vote.isUp
    const read = readUpTo === undefined ? mine.readUpTo : Math.max(mine.readUpTo ?? 0, Math.min(readUpTo, found.thread.value.posts - 1))
    if (!isNews && read === mine.readUpTo) return { done: true }
    const after = { ...mine, ...(isNews && { votes: withVote(mine.votes, vote) }), ...(read !== undefined && { readUpTo: read }) }
    const changes = [before ? markRecords.replace(before, after) : markRecords.add(after), ...(isNews ? await voted(world, found, vote) : [])]
    return (await tables.commit(changes)) === 'done' ? { done: true } : 'conflict'
  })
}

export const report = async (world: World, actor: Actor, input: { thread: string; number: number; reason: string }): Promise<Done> => {
  const { tables, clock } = world
  const { thread: id, number, reason } = input
  return trying(async () => {
    const { ground, thread } = await openThread(world, actor, id)
    const { value: post } = await standingPost(tables, input)
    if (post.by.id === actor.id) throw new Refusal('not-allowed', 'What you wrote yourself you can remove.')
    const before = await markRecords.get(tables, { person: actor.id, thread: id })
    const mine: StoredMark = before?.value ?? { person: actor.id, thread: id, votes: [], reported: [] }
    if (mine.reported.includes(number)) return { done: true }
    const { course } = thread.value
    const known = await reportRecords.get(tables, { course, thread: id, number })
    const reasons = [...(known?.value.reasons ?? []), { by: actor.id, reason, at: clock.now().toISOString() }].slice(-MOST_REASONS)
    const after = { course, thread: id, number, times: (known?.value.times ?? 0) + 1, reasons }
    const reported = { ...mine, reported: [...mine.reported, number] }
    const changes = [
      known ? reportRecords.replace(known, after) : reportRecords.add(after),
      before ? markRecords.replace(before, reported) : markRecords.add(reported),
      await paced(world, ground, 'report'),
    ]
    const outcome = await tables.commit(changes, [event(world, 'talk.reported', { course, thread: id, number })])
    return outcome === 'done' ? { done: true } : 'conflict'
  })
}
