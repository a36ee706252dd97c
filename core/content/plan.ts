import type { SectionOpening } from '#contract/opening.ts'
import type { StoredCourse, StoredLesson } from '#core/courses/records.ts'
import type { Stored } from '#core/records.ts'
import type { CourseDocument } from './format/documents.ts'
import type { LessonChange, StoredContentCourse, StoredContentFile } from './records.ts'

/** A lesson as its file wants it. `what` is left out where nothing is to be written. */
export type PlannedLesson = { path: string; blob: string; lesson: StoredLesson; what?: LessonChange['what'] }

export type PlannedSection = { folder: string; id: string; title: string; opens: SectionOpening | undefined; isMade: boolean; lessons: PlannedLesson[] }

/** What is to become of one course. Made of what is stored, it is the same again after a crash, less what has been done. */
export type CoursePlan = {
  commit: string
  folder: string
  fingerprint: string
  /** As it is stored; undefined for one that is to be made. */
  course: Stored<StoredCourse> | undefined
  id: string
  slug: string
  record: Stored<StoredContentCourse> | undefined
  /** It has been published, and may have left the catalogue since. */
  isShown: boolean
  /** `course.md`, and who teaches the course by it. */
  file: { path: string; blob: string; document: CourseDocument; teacher: StoredCourse['teacher'] } | undefined
  sections: PlannedSection[]
  /** Lessons whose files are gone: with `leaves`, the course goes with them, and its learners keep what they have. */
  gone: Pick<StoredContentFile, 'path' | 'blob' | 'lesson'>[]
  leaves: boolean
  /** Files that do not count, and paths at which nothing lies any more. */
  released: StoredContentFile[]
  dropped: string[]
}

export const lessonsOf = ({ sections }: Pick<CoursePlan, 'sections'>): PlannedLesson[] => sections.flatMap(({ lessons }) => lessons)

/**
 * Whether learners will be shown what is applied: by what has been published once, listed or not, whoever has enrolled follows the files; and a
 * course comes into the catalogue by its own file. One that was taken out by hand stays out until that changes.
 */
export const willBeShown = ({ file, isShown }: Pick<CoursePlan, 'file' | 'isShown'>, isCourseChanged: boolean): boolean =>
  isShown || (isCourseChanged && (file?.document.isPublished ?? false))

export const isFileChanged = ({ course, file }: Pick<CoursePlan, 'course' | 'file'>): boolean =>
  course?.value.kept?.blob !== file?.blob || course?.value.kept?.path !== file?.path
