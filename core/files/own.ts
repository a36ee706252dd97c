import type { FilesDraft, FileUpload } from '#contract/files.ts'
import { ownLesson } from '#core/courses/outline.ts'
import type { StoredCourse, StoredLesson } from '#core/courses/records.ts'
import type { Actor } from '#core/handlers.ts'
import { arrivedParts } from '#core/parts.ts'
import { all, type Stored } from '#core/records.ts'
import { missing } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { fileRecords, filesOf, type KeptFile } from './records.ts'
import { shownFile } from './shown.ts'

export type OwnFile = { file: Stored<KeptFile>; lesson: Stored<StoredLesson>; course: Stored<StoredCourse> }

/** A file of a lesson the actor may change. One whose lesson has left the draft is gone, though learners may still have it. */
export const ownFile = async (tables: Tables, actor: Actor, id: string): Promise<OwnFile> => {
  const file = await fileRecords.get(tables, { id })
  if (!file) throw missing('file')
  return { file, ...(await ownLesson(tables, actor, file.value.lesson, { to: 'edit', named: 'file' })) }
}

/** Files that have been begun for a lesson and not finished, the oldest first. */
export const unfinishedFiles = async (tables: Tables, { id, course }: Pick<StoredLesson, 'id' | 'course'>): Promise<KeptFile[]> => {
  const kept = await all((page) => fileRecords.listIndex(tables, filesOf(course), { prefix: `${id}#`, ...(page !== undefined && { page }) }))
  return kept.filter(({ isFinished }) => !isFinished)
}

export const shownUpload = async (world: World, file: KeptFile): Promise<FileUpload> => {
  const { id, lesson, name, sizeBytes, partBytes, parts, isFinished } = file
  const arrived = isFinished ? Array.from({ length: parts }, (_, index) => index + 1) : await arrivedParts(world, file)
  return { id, lesson, name, sizeBytes, partBytes, parts, arrived }
}

export const filesDraft = async (world: World, lesson: StoredLesson): Promise<FilesDraft> => {
  const unfinished = await unfinishedFiles(world.tables, lesson)
  return {
    files: lesson.files.map(shownFile),
    unfinished: await Promise.all(unfinished.map((file) => shownUpload(world, file))),
    maxBytes: world.settings.upload.fileMaxBytes,
  }
}
