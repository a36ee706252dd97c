import { lessonRecords, publishedLessonRecords, type StoredCourse, type StoredFile, type StoredLesson } from '#core/courses/records.ts'
import { fileRecords, storedFile } from '#core/files/records.ts'
import { videoRecords } from '#core/media/records.ts'
import type { Stored } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import type { LessonDocument, TreeLesson } from './format/documents.ts'
import { writeLesson } from './format/lesson.ts'
import { lessonDocument } from './format/stored.ts'

export type BroughtLesson = { path: string; before: Stored<StoredLesson> | undefined; after: StoredLesson }

export type Tell = (path: string, says: string) => void

/** The lessons of a course as the school has them, in its order. */
export const draftsOf = async ({ tables }: Pick<World, 'tables'>, course: StoredCourse | undefined): Promise<Stored<StoredLesson>[]> => {
  const ids = course?.sections.flatMap(({ lessons }) => lessons) ?? []
  return (await Promise.all(ids.map((id) => lessonRecords.get(tables, { id })))).flatMap((lesson) => lesson ?? [])
}

/** Whether two would be written alike. */
export const isSameLesson = (one: StoredLesson, other: StoredLesson): boolean => writeLesson(lessonDocument(one)) === writeLesson(lessonDocument(other))

/** Files the document names, in its order and by its names, then those it does not name: their bytes came by the school, and go by it. */
const filesOf = async (
  { tables }: World,
  id: string,
  { named, before }: { named: LessonDocument['files']; before: StoredFile[] },
  tell: (says: string) => void,
) => {
  const found = await Promise.all(
    named.map(async ({ id: file, name }): Promise<StoredFile[]> => {
      const kept = await fileRecords.get(tables, { id: file })
      if (kept?.value.isFinished && kept.value.lesson === id) return [{ ...storedFile(kept.value), name }]
      tell(`The school has no file ${file} of this lesson: send it there, or leave it out here.`)
      return []
    }),
  )
  return [...found.flat(), ...before.filter((file) => !named.some((each) => each.id === file.id))]
}

/** The video of the lesson, which a document may name and cannot exchange. */
const videoAfter = async (
  { tables }: World,
  id: string,
  { named, before }: { named: string | undefined; before: string | undefined },
  tell: (says: string) => void,
) => {
  if (named === undefined || named === before) return before
  const video = await videoRecords.get(tables, { id: named })
  if (video?.value.lesson !== id) tell(`The school has no video ${named} of this lesson: send it there, or leave it out here and say “kind: video”.`)
  else if (before !== undefined) tell(`The lesson has another video in the school by now, ${before}: name that one, or leave the line out.`)
  return named
}

/** What a file makes of the lesson that the school has, or of none. Whatever it cannot make is told. */
export const lessonAfter = async (
  world: World,
  course: string,
  { path, document, before }: TreeLesson & { before: Stored<StoredLesson> | undefined },
  tell: Tell,
): Promise<BroughtLesson> => {
  const { title, kind, isPreview, about, questions, text } = document
  const id = before?.value.id ?? document.id ?? world.ids.make('les')
  const here = (says: string): void => tell(path, says)
  const elsewhere = before ?? (await publishedLessonRecords.get(world.tables, { id }))
  if (elsewhere && elsewhere.value.course !== course) here(`The lesson ${id} belongs to another course of the school: leave its id out to make a new one.`)
  if (before && before.value.kind !== kind) here(`In the school this is of kind ${before.value.kind}, and stays so: say “kind: ${before.value.kind}”.`)
  const video = await videoAfter(world, id, { named: document.video, before: before?.value.video }, here)
  const files = await filesOf(world, id, { named: document.files, before: before?.value.files ?? [] }, here)
  const after: StoredLesson = { ...before?.value, id, course, title, kind, isPreview, about, questions, text, files, ...(video !== undefined && { video }) }
  if (before?.value.kept && !isSameLesson(before.value, after))
    here(`This lesson is kept in the school’s repository: change ${before.value.kept.path} there, or release it first.`)
  return { path, before, after }
}
