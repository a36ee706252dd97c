import type { StoredCourse } from '#core/courses/records.ts'
import type { Stored } from '#core/records.ts'
import type { StoredContentCourse } from './records.ts'

/** Somebody else has written meanwhile: what is to be done is found out anew. */
export class AppliedElsewhere extends Error {}

/** A course and what is remembered of its folder, as they were read or written last. */
export type Ground = { course: Stored<StoredCourse>; record: Stored<StoredContentCourse> }
