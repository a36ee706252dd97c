import { ownLesson, saveCourse } from '#core/courses/outline.ts'
import { lessonRecords } from '#core/courses/records.ts'
import type { Actor } from '#core/handlers.ts'
import type { World } from '#ports/world.ts'
import { contentFileRecords } from './records.ts'

/** The lesson is the school's from now on. Its file stays where it is, and is read no more. */
export const release = async (world: World, actor: Actor, { lesson: id }: { lesson: string }): Promise<{ done: true }> => {
  const { lesson, course } = await ownLesson(world.tables, actor, id, { to: 'edit' })
  const { kept, ...rest } = lesson.value
  if (!kept) return { done: true }
  const file = contentFileRecords.put({ ...kept, course: rest.course, lesson: id, isReleased: true })
  await saveCourse(world, course, { course: {}, changes: [lessonRecords.replace(lesson, rest), file] })
  return { done: true }
}
