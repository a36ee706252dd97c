import * as z from 'zod/mini'
import { when } from './base.ts'

export const USUAL_OPENS_MINUTES = 15

export const MOST_SESSION_MINUTES = 24 * 60

/** A meeting at a time: when it is, and where. */
export const LiveSession = z.object({
  startsAt: when,
  minutes: z.int().check(z.minimum(5), z.maximum(MOST_SESSION_MINUTES)),
  /** Shown to those who may see the lesson, and to nobody else. */
  link: z.optional(z.string().check(z.maxLength(2000), z.regex(/^https:\/\/[^\s"'<>\\^`{|}]+$/u))),
  /** How long before its beginning the link is shown; from the first on where it is left out. */
  opensMinutes: z.optional(z.int().check(z.minimum(0), z.maximum(24 * 60))),
})
export type LiveSession = z.infer<typeof LiveSession>

/** `now`: the link may be followed, or it has begun. */
export const SessionState = z.enum(['upcoming', 'now', 'over'])
export type SessionState = z.infer<typeof SessionState>
