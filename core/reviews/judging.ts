import type { StaffReview } from '#contract/reviews.ts'
import { ownCourse } from '#core/courses/outline.ts'
import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { reviewRecords, type StoredReview } from './records.ts'
import { forStaff, saved } from './writing.ts'

const MOST_REPORTS = 20
const MOST_JUDGED = 50

const found = async ({ tables }: World, id: string): Promise<Stored<StoredReview>> => {
  const review = await reviewRecords.get(tables, { id })
  if (!review) throw missing('review')
  return review
}

/** A review of a course of the actor's: somebody else's is refused as one that does not exist. */
const ofOwnCourse = async (world: World, actor: Actor, id: string): Promise<Stored<StoredReview>> => {
  const review = await found(world, id)
  await ownCourse(world.tables, actor, review.value.course, { to: 'talk', named: 'review' })
  return review
}

/** Once for each person; beyond a score it is told already. */
export const report = async (world: World, actor: Actor, { review: id, reason }: { review: string; reason: string }): Promise<{ done: true }> => {
  const before = await found(world, id)
  if (before.value.hidden) throw missing('review')
  const { reports, course } = before.value
  if (reports.length >= MOST_REPORTS || reports.some(({ by }) => by === actor.id)) return { done: true }
  const after = { ...before.value, reports: [...reports, { by: actor.id, reason, at: world.clock.now().toISOString() }] }
  // Its teacher looks at all of them, and is told of the first: two letters on their way at once would be two.
  const told = reports.length === 0 ? [event(world, 'review.reported', { review: id, course })] : []
  if ((await world.tables.commit([reviewRecords.replace(before, after)], told)) === 'done') return { done: true }
  throw new Refusal('conflict', 'This review is being written at this moment. Try again.')
}

export const reply = async (world: World, actor: Actor, { review: id, text }: { review: string; text: string }): Promise<StaffReview> => {
  const before = await ofOwnCourse(world, actor, id)
  const { reply: _, ...rest } = before.value
  const after: StoredReview = { ...rest, ...(text.trim() !== '' && { reply: { text, at: world.clock.now().toISOString() } }) }
  const told = event(world, 'review.changed', { course: after.course })
  if ((await world.tables.commit([reviewRecords.replace(before, after)], [told])) === 'conflict')
    throw new Refusal('conflict', 'This review is being written at this moment. Try again.')
  return forStaff(after)
}

type Judgement = { review: string; isHidden: boolean; reason: string }

export const judge = async (world: World, actor: Actor, { review: id, isHidden, reason }: Judgement): Promise<StaffReview> => {
  const { course } = (await ofOwnCourse(world, actor, id)).value
  const said = { reason, by: actor.name, at: world.clock.now().toISOString() }
  const after = await saved(world, course, async () => {
    const before = await found(world, id)
    const { hidden: _, ...rest } = before.value
    const judged = [...before.value.judged, { isHidden, ...said }].slice(-MOST_JUDGED)
    const now: StoredReview = { ...rest, judged, ...(isHidden && { hidden: said }) }
    return { before, after: now, changes: [reviewRecords.replace(before, now)] }
  })
  return forStaff(after ?? (await found(world, id)).value)
}
