import * as z from 'zod/mini'

const SHAPE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

export const isMoment = (text: string): boolean => SHAPE.test(text) && Number.isFinite(Date.parse(text))

/** A moment with its offset from UTC: what means another hour in another place is refused. */
export const Moment = z.pipe(
  z.string().check(z.refine(isMoment, 'has to be a moment such as 2026-06-01T18:00+02:00, or 2026-06-01T16:00Z')),
  z.transform((text) => new Date(text).toISOString()),
)
