import { type AssignmentRules, USUAL_ASSIGNMENT } from '#contract/assignments.ts'
import type { StoredLesson } from '#core/courses/records.ts'
import { openedLesson } from '#core/grants/access.ts'
import type { Actor } from '#core/handlers.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { type OfWork, type StoredWork, workRecords } from './records.ts'

export const rulesOf = ({ assignment }: Pick<StoredLesson, 'assignment'>): AssignmentRules => assignment ?? USUAL_ASSIGNMENT

/** An assignment that is open to somebody, and how they stand to it. */
export type Ground = {
  lesson: StoredLesson
  rules: AssignmentRules
  isStaff: boolean
  ids: OfWork
  stored: Stored<StoredWork> | undefined
  work: StoredWork
  until?: string | undefined
}

export const nothingDone = (ids: OfWork): StoredWork => ({ ...ids, text: '', files: [], sending: [], handings: [], state: 'writing' })

/** Only who has the course, or teaches it: a preview shows what is asked for in the lesson's own text. */
export const openWork = async (world: World, actor: Actor, id: string): Promise<Ground> => {
  const { lesson, because, until } = await openedLesson(world, actor, id)
  if (lesson.kind !== 'assignment') throw missing('assignment')
  if (because === 'preview') throw new Refusal('not-enrolled', 'Enrol in this course to hand in work.')
  const ids = { learner: actor.id, course: lesson.course, lesson: id }
  const stored = await workRecords.get(world.tables, ids)
  return {
    ...{ lesson, rules: rulesOf(lesson), isStaff: because === 'admin' || because === 'teaches', ids, stored, until },
    work: stored?.value ?? nothingDone(ids),
  }
}

export const written = (stored: Stored<StoredWork> | undefined, after: StoredWork) => (stored ? workRecords.replace(stored, after) : workRecords.add(after))

const MOST_TRIES = 12

/** Runs what reads and commits until nobody was quicker. */
export const trying = async <T>(once: () => Promise<T | 'conflict'>): Promise<T> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const outcome = await once()
    if (outcome !== 'conflict') return outcome
  }
  throw new Refusal('conflict', 'This work is being written elsewhere at this moment. Try again.')
}

/** Where what is not handed in may be changed. */
export const refuseClosed = ({ isStaff, work: { state } }: Ground): void => {
  if (isStaff) throw new Refusal('not-allowed', 'Whoever teaches this course hands nothing in.', 'staff')
  if (state === 'waiting') throw new Refusal('conflict', 'This has been handed in and waits to be read.', 'waiting')
  if (state === 'passed') throw new Refusal('conflict', 'You have passed this assignment.', 'passed')
}
