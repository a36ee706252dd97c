export const MOST_LESSONS = 400
/** As many as `arrange` takes. */
export const MOST_SECTIONS = 100
