import type { PublishedCourse } from '#contract/catalogue.ts'
import { publicationRecords } from '#core/courses/records.ts'
import { ledgerOf } from '#core/grants/access.ts'
import { isRunning } from '#core/grants/decide.ts'
import { progressIn, type StoredProgress } from '#core/learning/progress.ts'
import { all, type Stored } from '#core/records.ts'
import type { Change, Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { type Doing, doingsIn } from './doings.ts'
import {
  countedRecords,
  funnelOf,
  funnelRecords,
  learnerRecords,
  namedLearnerRecords,
  SHARDS,
  type StoredFunnel,
  type StoredLearner,
  shardOf,
  wordRecords,
  wordsOf,
} from './records.ts'

const MOST_TRIES = 12

type Of = { learner: string; course: string }
type Counted = { id: string; course: string; begun: string[]; done: string[]; isFinished: boolean }

/** What the counters are to hold of a learner. Lessons that are in the course no more stay counted nowhere. */
const countOf = (
  { learner, course }: Of,
  { progress, doings }: { progress: readonly StoredProgress[]; doings: readonly Doing[] },
  sections: PublishedCourse['sections'],
): Counted => {
  const touched = new Set([...progress, ...doings].map(({ lesson }) => lesson))
  const found = new Map(progress.map((each) => [each.lesson, each]))
  const lessons = sections.flatMap((section) => section.lessons.map(({ id }) => id))
  const begun = lessons.filter((lesson) => touched.has(lesson))
  const done = begun.filter((lesson) => found.get(lesson)?.isCompleted)
  return { id: learner, course, begun, done, isFinished: lessons.length > 0 && done.length === lessons.length }
}

const withDifference = (
  lessons: StoredFunnel['lessons'],
  { what, before, after }: { what: 'begun' | 'done'; before: readonly string[]; after: readonly string[] },
): StoredFunnel['lessons'] => {
  const changed = { ...lessons }
  const add = (lesson: string, by: 1 | -1): void => {
    const counts = changed[lesson] ?? { begun: 0, done: 0 }
    changed[lesson] = { ...counts, [what]: Math.max(0, counts[what] + by) }
  }
  const [known, wanted] = [new Set(before), new Set(after)]
  for (const lesson of after) if (!known.has(lesson)) add(lesson, 1)
  for (const lesson of before) if (!wanted.has(lesson)) add(lesson, -1)
  return changed
}

const recounted = (funnel: StoredFunnel, before: Counted | undefined, after: Counted): StoredFunnel => {
  const begun = withDifference(funnel.lessons, { what: 'begun', before: before?.begun ?? [], after: after.begun })
  return {
    ...funnel,
    learners: funnel.learners + (before ? 0 : 1),
    finished: funnel.finished + Number(after.isFinished) - Number(before?.isFinished ?? false),
    lessons: withDifference(begun, { what: 'done', before: before?.done ?? [], after: after.done }),
  }
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

const rowChanges = (before: StoredLearner | undefined, after: StoredLearner): Change[] => {
  const { course, id } = after
  const [words, known] = [wordsOf(after), before ? wordsOf(before) : []]
  const isRenamed = before !== undefined && !isSame(namedLearnerRecords.remove(before).key, namedLearnerRecords.remove(after).key)
  return [
    learnerRecords.put(after),
    namedLearnerRecords.put(after),
    ...(isRenamed ? [namedLearnerRecords.remove(before)] : []),
    ...words.filter((word) => !known.includes(word)).map((word) => wordRecords.put({ course, word, id })),
    ...known.filter((word) => !words.includes(word)).map((word) => wordRecords.remove({ course, word, id })),
  ]
}

/** How somebody stands now; undefined of whoever has no right to the course and never had, as its teacher, and of whom the school knows no more. */
const standingNow = async (world: World, { learner, course }: Of): Promise<{ row: StoredLearner; count: Counted } | undefined> => {
  const { tables, identity, clock } = world
  const publication = (await publicationRecords.get(tables, { id: course }))?.value
  const [facts, person, progress, doings] = await Promise.all([
    ledgerOf(tables, { id: learner }, course),
    identity.find(learner),
    progressIn(tables, learner, course),
    doingsIn(tables, { learner, course }),
  ])
  const first = facts[0]
  if (!publication || !first || !person) return undefined
  const count = countOf({ learner, course }, { progress, doings }, publication.sections)
  const seenAt = [...progress, ...doings].map(({ at }) => at).reduce((one, other) => (one > other ? one : other), '')
  const row = {
    ...{ id: learner, course, name: person.name, email: person.email, since: first.at, completed: count.done.length },
    ...(seenAt !== '' && { seenAt }),
    hasEnded: !isRunning(facts, clock.now().toISOString()),
  }
  return { row, count }
}

/**
 * Writes down how a learner stands in a course, and what that changes in its counters. Reckoned anew from what the school knows,
 * so that it may be told of late, twice, or in any order.
 */
export const keep = async (world: World, of: Of): Promise<void> => {
  const { tables } = world
  const ids = { id: of.learner, course: of.course }
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    // Read before what it is reckoned from: whoever writes in between makes this conflict.
    const counted: Stored<Counted> | undefined = await countedRecords.get(tables, ids)
    const before = (await learnerRecords.get(tables, ids))?.value
    const now = await standingNow(world, of)
    if (!now) return
    const isCounted = isSame(counted?.value, now.count)
    if (isCounted && isSame(before, now.row)) return
    const changes = rowChanges(before, now.row)
    changes.push(counted ? countedRecords.replace(counted, now.count) : countedRecords.add(now.count))
    if (!isCounted) {
      const place = { course: of.course, shard: shardOf(of.learner) }
      const funnel = await funnelRecords.get(tables, place)
      const after = recounted(funnel?.value ?? { ...place, learners: 0, finished: 0, lessons: {} }, counted?.value, now.count)
      changes.push(funnel ? funnelRecords.replace(funnel, after) : funnelRecords.add(after))
    }
    if ((await tables.commit(changes)) === 'done') return
  }
  throw new Error(`The standings of ${of.course} are written all the time: this one is kept later.`)
}

/** In every course they are counted in: what they pay for again and again has begun or ended. */
export const keepEach = async (world: World, learner: string): Promise<void> => {
  const counted = await all((page) =>
    countedRecords.list(world.tables, `learner#${learner}`, { prefix: 'counted#', limit: 1000, ...(page !== undefined && { page }) }),
  )
  for (const { course } of counted) await keep(world, { learner, course })
}

/** The counters of a course, added up. */
export const funnelTotals = async (tables: Tables, course: string): Promise<Pick<StoredFunnel, 'learners' | 'finished' | 'lessons'>> => {
  const { items } = await funnelRecords.list(tables, funnelOf(course), { limit: SHARDS })
  const lessons: StoredFunnel['lessons'] = {}
  for (const shard of items)
    for (const [lesson, { begun, done }] of Object.entries(shard.lessons)) {
      const sum = lessons[lesson] ?? { begun: 0, done: 0 }
      lessons[lesson] = { begun: sum.begun + begun, done: sum.done + done }
    }
  return {
    learners: items.reduce((sum, { learners }) => sum + learners, 0),
    finished: items.reduce((sum, { finished }) => sum + finished, 0),
    lessons,
  }
}
