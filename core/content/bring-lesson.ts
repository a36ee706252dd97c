import { publishedLessonRecords, type StoredLesson } from '#core/courses/records.ts'
import type { Stored } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import type { TreeLesson } from './format/documents.ts'
import { writeLesson } from './format/lesson.ts'
import { lessonDocument } from './format/stored.ts'
import type { Tell } from './lessons-of.ts'
import { wantedLesson } from './wanted.ts'

export type BroughtLesson = { path: string; before: Stored<StoredLesson> | undefined; after: StoredLesson }

/** Whether two would be written alike. */
export const isSameLesson = (one: StoredLesson, other: StoredLesson): boolean => writeLesson(lessonDocument(one)) === writeLesson(lessonDocument(other))

/** What a file makes of the lesson that the school has, or of none. Whatever it cannot make is told. */
export const lessonAfter = async (
  world: World,
  course: string,
  { path, document, before }: TreeLesson & { before: Stored<StoredLesson> | undefined },
  tell: Tell,
): Promise<BroughtLesson> => {
  const { kind } = document
  const id = before?.value.id ?? document.id ?? world.ids.make('les')
  const elsewhere = before ?? (await publishedLessonRecords.get(world.tables, { id }))
  if (elsewhere && elsewhere.value.course !== course)
    tell(path, `The lesson ${id} belongs to another course of the school: leave its id out to make a new one.`)
  if (before && before.value.kind !== kind) tell(path, `In the school this is of kind ${before.value.kind}, and stays so: say “kind: ${before.value.kind}”.`)
  const after = await wantedLesson(world, { path, document, id, before: before?.value }, { course, kept: before?.value.kept, tell })
  if (before?.value.kept && !isSameLesson(before.value, after))
    tell(path, `This lesson is kept in the school’s repository: change ${before.value.kept.path} there, or release it first.`)
  return { path, before, after }
}
