import type { LessonFile } from '#contract/files.ts'
import type { StoredFile } from '#core/courses/records.ts'

/** A file as it is told of: where it lies is nobody's business. */
export const shownFile = ({ id, name, sizeBytes, type }: StoredFile): LessonFile => ({ id, name, sizeBytes, type })
