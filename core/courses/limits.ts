import { TABLE_LIMITS } from '#ports/tables.ts'

export const MOST_LESSONS = 400
/** As many as `arrange` takes. */
export const MOST_SECTIONS = 100
/** A stored lesson has to fit into an item, and some of them into a commit. */
export const MOST_LESSON_BYTES = Math.floor(TABLE_LIMITS.itemBytes * 0.9)
