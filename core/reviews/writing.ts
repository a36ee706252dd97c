import { LEAST_PERCENT, type OwnReview, type StaffReview } from '#contract/reviews.ts'
import { partIn } from '#core/courses/policy.ts'
import { publicationRecords } from '#core/courses/records.ts'
import { event } from '#core/events.ts'
import { standing } from '#core/grants/access.ts'
import type { Actor } from '#core/handlers.ts'
import { progressIn } from '#core/learning/progress.ts'
import { all, type Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { ownReviewRecords, reviewRecords, type StoredReview, tallyRecords } from './records.ts'

const MOST_TRIES = 12
/** Between two changes of a review: each writes the course's page anew. */
const PAUSE_MS = 10_000

type Standing = Pick<OwnReview, 'may' | 'percent'>

/** Who follows a course, and how much of it is done. */
const standingOf = async (world: World, actor: Actor, course: string): Promise<Standing> => {
  const publication = (await publicationRecords.get(world.tables, { id: course }))?.value
  if (!publication) throw missing('course')
  const lessons = publication.sections.flatMap((section) => section.lessons.map(({ id }) => id))
  const progress = await progressIn(world.tables, actor.id, course)
  const completed = new Set(progress.filter(({ isCompleted }) => isCompleted).map(({ lesson }) => lesson))
  const percent = lessons.length === 0 ? 0 : Math.floor((100 * lessons.filter((id) => completed.has(id)).length) / lessons.length)
  const part = await partIn(world.tables, actor, publication)
  if (part && part.as !== 'admin') return { may: 'teaches', percent }
  const { rights } = await standing(world, actor, publication)
  // Whose access has ended may still say what they think of what they saw.
  if (rights.length === 0) return { may: 'not-enrolled', percent }
  return { may: percent >= LEAST_PERCENT ? 'yes' : 'early', percent }
}

export const ownReview = async ({ tables }: World, learner: string, course: string): Promise<Stored<StoredReview> | undefined> => {
  const own = await ownReviewRecords.get(tables, { learner, course })
  return own && reviewRecords.get(tables, { id: own.value.review })
}

/** As staff see it: whoever reported it stays unnamed. */
export const forStaff = ({ id, name, stars, text, at, changedAt, reply, reports, hidden, judged }: StoredReview): StaffReview => ({
  ...{ id, name, stars, text, at },
  isEdited: changedAt !== undefined,
  // What was judged to be in order is reported no more.
  reports: reports.filter((report) => hidden || report.at > (judged.at(-1)?.at ?? '')).map(({ reason, at: when }) => ({ reason, at: when })),
  ...(reply && { reply }),
  ...(hidden && { hidden }),
})

export const mine = async (world: World, actor: Actor, { course }: { course: string }): Promise<OwnReview> => {
  const [stands, own] = [await standingOf(world, actor, course), await ownReview(world, actor.id, course)]
  if (!own) return stands
  const { id, stars, text, at, reply, hidden } = forStaff(own.value)
  return { ...stands, review: { ...{ id, stars, text, at }, ...(reply && { reply }), ...(hidden && { hidden }) } }
}

/** The tally as it is after a review has come, changed, or left everybody's sight. */
const counted = async (
  { tables }: World,
  course: string,
  { before, after }: { before: StoredReview | undefined; after: StoredReview | undefined },
): Promise<Change> => {
  const found = await tallyRecords.get(tables, { course })
  const stars = [...(found?.value.stars ?? [0, 0, 0, 0, 0])]
  let hidden = found?.value.hidden ?? 0
  for (const [review, by] of [
    [before, -1],
    [after, 1],
  ] as const) {
    if (!review) continue
    if (review.hidden) hidden += by
    else stars[review.stars - 1] = (stars[review.stars - 1] ?? 0) + by
  }
  const tally = { course, stars, hidden }
  return found ? tallyRecords.replace(found, tally) : tallyRecords.add(tally)
}

type Step = { before: Stored<StoredReview> | undefined; after: StoredReview | undefined; changes: Change[] }

/** One commit of a review, what is counted of it, and the news; made anew where somebody else's review came in between. */
export const saved = async (world: World, course: string, step: () => Promise<Step>): Promise<StoredReview | undefined> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const { before, after, changes } = await step()
    const tally = await counted(world, course, { before: before?.value, after })
    if ((await world.tables.commit([...changes, tally], [event(world, 'review.changed', { course })])) === 'done') return after
  }
  throw new Refusal('conflict', 'This is being written elsewhere at this moment. Try again.')
}

const refuseWriting = ({ may }: Standing): void => {
  if (may === 'not-enrolled') throw new Refusal('not-enrolled', 'Reviews are written by those who follow the course.')
  if (may === 'teaches') throw new Refusal('not-allowed', 'Nobody reviews a course of their own.')
  if (may === 'early') throw new Refusal('not-ready', `A review can be written once ${LEAST_PERCENT} % of the course are done.`)
}

export const write = async (world: World, actor: Actor, { course, stars, text }: { course: string; stars: number; text: string }): Promise<OwnReview> => {
  refuseWriting(await standingOf(world, actor, course))
  const at = world.clock.now().toISOString()
  await saved(world, course, async () => {
    const before = await ownReview(world, actor.id, course)
    if (!before) {
      const after: StoredReview = { id: world.ids.make('rev'), course, learner: actor.id, name: actor.name, stars, text, at, reports: [], judged: [] }
      return { before, after, changes: [reviewRecords.add(after), ownReviewRecords.add({ learner: actor.id, course, review: after.id })] }
    }
    const last = Date.parse(before.value.changedAt ?? before.value.at)
    if (Date.parse(at) - last < PAUSE_MS) throw new Refusal('too-many', 'Your review was written a moment ago. Wait a little.')
    const after: StoredReview = { ...before.value, name: actor.name, stars, text, changedAt: at }
    return { before, after, changes: [reviewRecords.replace(before, after)] }
  })
  return mine(world, actor, { course })
}

const withdrawn = async (world: World, learner: string, course: string): Promise<void> => {
  if (!(await ownReview(world, learner, course))) return
  await saved(world, course, async () => {
    const before = await ownReview(world, learner, course)
    if (!before) throw missing('review')
    return { before, after: undefined, changes: [reviewRecords.remove(before.value, before), ownReviewRecords.remove({ learner, course })] }
  })
}

export const withdraw = async (world: World, actor: Actor, { course }: { course: string }): Promise<OwnReview> => {
  await withdrawn(world, actor.id, course)
  return mine(world, actor, { course })
}

/** Of somebody who leaves the school: they are counted no more. */
export const forgetReviews = async (world: World, learner: string): Promise<void> => {
  const own = await all((page) => ownReviewRecords.list(world.tables, `reviewer#${learner}`, { limit: 1000, ...(page !== undefined && { page }) }))
  for (const { course } of own) await withdrawn(world, learner, course)
}
