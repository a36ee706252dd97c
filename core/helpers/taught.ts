import { courseRecords, type StoredCourse } from '#core/courses/records.ts'
import { all } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'
import { helpedBy } from './records.ts'

/** Courses somebody teaches, the newest first, and then those they help with; `helping`, where that is being asked for already. */
export const taughtBy = async (tables: Tables, person: string, helping = helpedBy(tables, person)): Promise<StoredCourse[]> => {
  const [own, helped] = await Promise.all([
    all((page) => courseRecords.listIndex(tables, `teacher#${person}`, { descending: true, limit: 1000, ...(page !== undefined && { page }) })),
    helping,
  ])
  const others = await Promise.all(helped.map(({ course }) => courseRecords.get(tables, { id: course })))
  return [...own, ...others.flatMap((course) => (course ? [course.value] : []))]
}
