import type { assignments as contract } from '#contract/assignments.ts'
import { type AssignmentRules, type Grade, type GradedHanding, mostPoints, type QueuedHanding } from '#contract/assignments.ts'
import { ownCourse } from '#core/courses/outline.ts'
import { lessonRecords, publishedLessonRecords, type StoredLesson } from '#core/courses/records.ts'
import { event } from '#core/events.ts'
import type { Actor, Handlers } from '#core/handlers.ts'
import { completion } from '#core/learning/completing.ts'
import { progressRecords } from '#core/learning/progress.ts'
import type { Stored, Writing } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { rulesOf, trying } from './ground.ts'
import { handingRecords, queueOf, type StoredHanding, type StoredWork, workRecords } from './records.ts'
import { handingsOf, shownHanding } from './showing.ts'

type Handling = Handlers<typeof contract>

/** Pages that are looked through for one lesson, before the reader is asked to go on. */
const MOST_PAGES = 5

const queued = ({ id, number, at, isLate, learner, lesson, grade }: StoredHanding): QueuedHanding => ({
  ...{ id, number, at, isLate, learner, lesson },
  ...(grade && { isPassed: grade.isPassed }),
})

export const queue: Handling['queue'] = async (world, actor, { course, state, lesson, limit, page }) => {
  await ownCourse(world.tables, actor, course, { to: 'grade' })
  const found: StoredHanding[] = []
  let next = page
  for (let looked = 0; looked < MOST_PAGES; looked += 1) {
    const options = { limit: limit - found.length, descending: state === 'graded', ...(next !== undefined && { page: next }) }
    const one = await handingRecords.listIndex(world.tables, queueOf(course, state), options)
    // The index may be late: what has been graded meanwhile is still in the queue for a moment.
    found.push(...one.items.filter((each) => (each.grade !== undefined) === (state === 'graded') && (lesson === undefined || each.lesson.id === lesson)))
    next = one.next
    if (next === undefined || found.length >= limit) break
  }
  return { handings: found.map(queued), ...(next !== undefined && { next }) }
}

type Desk = { handing: Stored<StoredHanding>; work: Stored<StoredWork>; lesson: StoredLesson; course: { id: string; title: string } }

/** The lesson as learners have it, or its draft where that is all there is. */
const lessonOf = async ({ tables }: World, id: string): Promise<StoredLesson | undefined> =>
  (await publishedLessonRecords.get(tables, { id }))?.value ?? (await lessonRecords.get(tables, { id }))?.value

const desk = async (world: World, actor: Actor, id: string): Promise<Desk> => {
  const handing = await handingRecords.get(world.tables, { id })
  if (!handing) throw missing('work')
  const course = await ownCourse(world.tables, actor, handing.value.course, { to: 'grade', named: 'work' })
  const { learner, course: of, lesson: asked } = handing.value
  const work = await workRecords.get(world.tables, { learner: learner.id, course: of, lesson: asked.id })
  const lesson = await lessonOf(world, asked.id)
  if (!work || !lesson) throw missing('work')
  return { handing, work, lesson, course: { id: course.value.id, title: course.value.title } }
}

const isOld = ({ handing, work }: Pick<Desk, 'handing' | 'work'>): boolean => work.value.handings.at(-1) !== handing.value.id

const shown = async (world: World, { handing, work, lesson, course }: Desk): Promise<GradedHanding> => {
  const { value } = handing
  const all = await handingsOf(world.tables, work.value)
  return {
    ...shownHanding(value),
    ...{ course, learner: value.learner, lesson: { id: lesson.id, title: lesson.title, text: lesson.text }, rules: rulesOf(lesson) },
    ...{ earlier: all.filter(({ number }) => number < value.number).map(shownHanding), isOld: isOld({ handing, work }) },
  }
}

export const handing: Handling['handing'] = async (world, actor, input) => shown(world, await desk(world, actor, input.handing))

type Judging = { levels: readonly number[]; feedback: string; isPassed: boolean }

const judged = ({ rubric, passPercent }: AssignmentRules, { levels, isPassed }: Judging): Grade['judged'] => {
  if (levels.length !== rubric.length) throw new Refusal('conflict', 'The rubric has been changed meanwhile. Load the page again.')
  const found = rubric.map(({ title, levels: there }, place) => {
    const level = there[levels[place] ?? -1]
    if (!level) throw new Refusal('conflict', 'The rubric has been changed meanwhile. Load the page again.')
    const { points, says } = level
    return { criterion: title, level: level.title, points, of: mostPoints([{ title, levels: there }]), ...(says !== undefined && { says }) }
  })
  const [earned, of] = [found.reduce((sum, { points }) => sum + points, 0), mostPoints(rubric)]
  if (isPassed && earned * 100 < passPercent * of)
    throw new Refusal('bad-input', `${earned} of ${of} points are less than the ${passPercent} % this assignment asks for.`)
  return found
}

/** What a verdict writes of the learner's progress. A teacher who passed the wrong one takes it back. */
const progressed = async (world: World, { handing: { value }, work }: Desk, isPassed: boolean, at: string): Promise<Writing> => {
  const ids = { learner: value.learner.id, course: value.course, lesson: value.lesson.id }
  const before = await progressRecords.get(world.tables, ids)
  const isTakenBack = !isPassed && work.value.state === 'passed'
  if (!isPassed && !isTakenBack) return { changes: [], events: [] }
  const after = { ...(before?.value ?? { ...ids, positionSeconds: 0 }), isCompleted: isPassed, at }
  return { changes: [before ? progressRecords.replace(before, after) : progressRecords.add(after)], events: completion(world, before?.value, after) }
}

/** The verdict, what the learner may do now, what they have completed by it and the news of it, in one commit. */
export const grade: Handling['grade'] = (world, actor, { handing: id, ...judging }) =>
  trying(async () => {
    const found = await desk(world, actor, id)
    if (isOld(found)) throw new Refusal('conflict', 'Another has been handed in since. Grade that one.', 'old')
    const { handing: before, work, lesson } = found
    const at = world.clock.now().toISOString()
    const given: Grade = {
      ...{ isPassed: judging.isPassed, judged: judged(rulesOf(lesson), judging), feedback: judging.feedback },
      ...{ by: actor.name, at },
    }
    const after: StoredHanding = { ...before.value, grade: given, gradings: before.value.gradings + 1 }
    const state = judging.isPassed ? 'passed' : 'returned'
    const progress = await progressed(world, found, judging.isPassed, at)
    const told = event(world, 'assignment.graded', {
      ...{ handing: id, learner: after.learner.id, course: after.course, lesson: after.lesson.id },
      ...{ isPassed: judging.isPassed, time: after.gradings },
    })
    const changes = [handingRecords.replace(before, after), workRecords.replace(work, { ...work.value, state }), ...progress.changes]
    return (await world.tables.commit(changes, [told, ...progress.events])) === 'done' ? shown(world, await desk(world, actor, id)) : 'conflict'
  })
