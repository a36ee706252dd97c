import * as z from 'zod/mini'
import { publicationRecords, type StoredPublication } from '#core/courses/records.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { progressRecords } from '#core/learning/progress.ts'
import { all, records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'
import type { Pace } from './decide.ts'

/** What of a learner's way bears upon the pace of a course: lessons of it they have completed, and courses it asks for that they have not. */
export type Learned = { completed: ReadonlySet<string>; lacks: readonly string[] }
export const NOTHING_LEARNED: Learned = { completed: new Set(), lacks: [] }

/** Of a course that was completed once: lessons that come to it later close nothing that it has opened. */
const courseCompletedRecords = records({
  schema: z.object({ learner: z.string(), course: z.string(), at: z.string() }),
  key: ({ learner, course }: { learner: string; course: string }) => ({ pk: `learner#${learner}`, sk: `completed#${course}` }),
  people: { what: 'goes', says: 'Courses you have completed', whose: ({ learner }) => learner },
})

/** Ids of the courses that somebody has completed once. */
export const completedCourses = async (tables: Tables, learner: string): Promise<string[]> => {
  const found = await all((page) => courseCompletedRecords.list(tables, `learner#${learner}`, { prefix: 'completed#', limit: 1000, ...(page && { page }) }))
  return found.map(({ course }) => course)
}

const completedIn = async (tables: Tables, learner: string, course: string): Promise<Set<string>> => {
  const found = await all((page) => progressRecords.list(tables, `learner#${learner}`, { prefix: `progress#${course}#`, limit: 1000, ...(page && { page }) }))
  return new Set(found.flatMap(({ lesson, isCompleted }) => (isCompleted ? [lesson] : [])))
}

/** Whether somebody has completed every lesson that a course has, as it is published. */
export const hasCompleted = async (tables: Tables, learner: string, { id, sections }: StoredPublication): Promise<boolean> => {
  const completed = await completedIn(tables, learner, id)
  return sections.every(({ lessons }) => lessons.every((lesson) => completed.has(lesson.id)))
}

/** Whether a course still stands before another: one that nobody can enrol in any more is asked of nobody. */
const isLacking = async (tables: Tables, learner: string, id: string): Promise<boolean> => {
  if (await courseCompletedRecords.get(tables, { learner, course: id })) return false
  const publication = (await publicationRecords.get(tables, { id }))?.value
  return publication?.isListed === true && !(await hasCompleted(tables, learner, publication))
}

export type Paced = Pick<StoredPublication, 'id' | 'sections' | 'isSequential' | 'requires'>

/** Reads nothing for a course that sets no pace. */
export const learnedOf = async (tables: Tables, learner: string | undefined, { id, isSequential, requires = [] }: Paced): Promise<Learned> => {
  if (learner === undefined || (!isSequential && requires.length === 0)) return NOTHING_LEARNED
  const [completed, lacks] = await Promise.all([
    isSequential ? completedIn(tables, learner, id) : new Set<string>(),
    Promise.all(requires.map(async (course) => ((await isLacking(tables, learner, course)) ? [course] : []))),
  ])
  return { completed, lacks: lacks.flat() }
}

/** The pace of a course as it bears upon each of its lessons. What is completed stays open, wherever the lessons before it went. */
export const pacesOf = ({ sections, isSequential }: Paced, { completed, lacks }: Learned, at: string): Map<string, Pace> => {
  const lessons = sections.flatMap(({ lessons, opens }) => lessons.map(({ id }) => ({ id, opens })))
  return new Map(
    lessons.map(({ id, opens }, place) => {
      const before = lessons[place - 1]
      const isBehind = isSequential === true && before !== undefined && !completed.has(before.id) && !completed.has(id)
      return [id, { opens, isBehind, lacksCourse: lacks.length > 0, at }]
    }),
  )
}

/** Keeps in mind that somebody has completed a whole course. */
export const rememberCompleted: Hearing = hearing('courses.remember-completed', 'lesson.completed', async ({ tables, clock }, { learner, course }) => {
  const publication = (await publicationRecords.get(tables, { id: course }))?.value
  if (!publication || !(await hasCompleted(tables, learner, publication))) return
  await tables.commit([courseCompletedRecords.put({ learner, course, at: clock.now().toISOString() })])
})
