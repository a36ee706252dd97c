import * as z from 'zod/mini'
import { Version } from '#contract/versions.ts'
import { StoredCourse, StoredLesson } from '#core/courses/records.ts'
import { ofTheSchool } from '#core/personal.ts'
import { records } from '#core/records.ts'

/** As many of a course are kept. */
export const MOST_VERSIONS = 50

export const StoredVersion = z.object({ ...Version.shape, course: z.string(), key: z.string() })
export type StoredVersion = z.infer<typeof StoredVersion>

/** By their numbers, which grow. */
export const versionRecords = records({
  schema: StoredVersion,
  key: ({ course, number }: { course: string; number: number }) => ({ pk: `course#${course}`, sk: `version#${String(number).padStart(8, '0')}` }),
  people: { ...ofTheSchool, says: 'Versions of courses you have made', isSigned: true },
})

/** A course and its lessons at one moment: an object of its own, since it may be larger than an item. */
export const Snapshot = z.object({ course: StoredCourse, lessons: z.array(StoredLesson) })
export type Snapshot = z.infer<typeof Snapshot>

/** With answer keys in them: below a prefix that no edge serves. */
export const prefixOf = (course: string): string => `drafts/versions/${course}/`
