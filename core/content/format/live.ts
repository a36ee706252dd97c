import * as z from 'zod/mini'
import { LiveSession } from '#contract/live.ts'
import type { KnownKeys } from './findings.ts'
import { Moment } from './moment.ts'
import { Whole } from './quiz.ts'
import { said } from './said.ts'

const Head = z.object({ starts: Moment, minutes: Whole, link: z.optional(z.string()), opens: z.optional(Whole) })
type Head = z.infer<typeof Head>

export const LIVE_KEYS: KnownKeys = { live: Object.keys(Head.shape) }

const sessionOf = ({ starts, minutes, link, opens }: Head) => ({
  ...{ startsAt: starts, minutes },
  ...(link !== undefined && { link }),
  ...(opens !== undefined && { opensMinutes: opens }),
})

const WORDS: Record<string, string> = {
  link: 'its link has to begin with https://',
  minutes: 'its minutes have to be from 5 to 1440',
  opensMinutes: 'it opens at most 1440 minutes before it starts',
}

/** When a session is and where, as its file says it. */
export const LiveHead = z.pipe(
  Head.check(({ value, issues }) => {
    if (issues.length > 0) return
    const [issue] = LiveSession.safeParse(sessionOf(value)).error?.issues ?? []
    if (issue) issues.push({ code: 'custom', message: WORDS[String(issue.path[0])] ?? 'is not possible', input: value })
  }),
  z.transform((head) => LiveSession.parse(sessionOf(head))),
)

export const liveHead = ({ startsAt, minutes, link, opensMinutes }: LiveSession) => said({ starts: startsAt, minutes, link, opens: opensMinutes })
