import { courseRecords, lessonRecords } from '#core/courses/records.ts'
import type { World } from '#ports/world.ts'

/**
 * A lesson that the school shows, or will when its course is published: in its outline, and kept in Git or gone on with by its teacher. What
 * has been taken back may lie aside for a while, and what a course took along as it left the repository is the teacher's own draft.
 */
export const shownLesson = async ({ tables }: World, id: string): Promise<{ title: string; path?: string } | undefined> => {
  const lesson = (await lessonRecords.get(tables, { id }))?.value
  const course = lesson && (await courseRecords.get(tables, { id: lesson.course }))?.value
  const isInOutline = course?.sections.some(({ lessons }) => lessons.includes(id))
  if (!lesson || !isInOutline || (!lesson.kept && course?.status === 'draft')) return undefined
  return { title: lesson.title, ...(lesson.kept && { path: lesson.kept.path }) }
}
