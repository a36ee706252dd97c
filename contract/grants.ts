import * as z from 'zod/mini'
import { done, endpoint, id, when } from './base.ts'
import { Waiting } from './opening.ts'

/** How a right came to be: free of charge, bought, given by the staff, part of a membership or plan that is being paid, a seat in somebody’s order. */
export const RightKind = z.enum(['enrolled', 'paid', 'gifted', 'subscribed', 'seated'])
export type RightKind = z.infer<typeof RightKind>

/**
 * Something that happened to a learner's right to a course. The kinds of right begin one. Of what an order began: `renewed`
 * carries it on until another moment, or for good, and begins it again where it has run out or lapsed; `refunded`, `lapsed` (not paid on),
 * `disputed` and `unseated` end it; `cleared` (the dispute was won) gives it back. `ended` ends all there are.
 */
export const Fact = z.object({
  id: z.string(),
  kind: z.enum([...RightKind.options, 'renewed', 'refunded', 'lapsed', 'disputed', 'cleared', 'unseated', 'ended']),
  at: when,
  /** Of everything an order has brought about. */
  order: z.optional(z.string()),
  /** Of a right that runs out by itself. */
  until: z.optional(when),
  /** A member of the staff, where one did it, and what they wrote down. */
  by: z.optional(z.object({ id: z.string(), name: z.string() })),
  note: z.optional(z.string()),
})
export type Fact = z.infer<typeof Fact>

/**
 * Why a lesson is open, or closed, to somebody. Open: `admin`, `teaches`, a kind of right, `preview`. Closed:
 * what somebody who has the course waits for, `disabled` (the account), `refunded`, `lapsed`, `disputed`, `ended`, `expired`, `not-enrolled`, `not-signed-in`, `hidden` (the course is not in the
 * catalogue, so that it is answered as if it did not exist).
 */
export const Because = z.enum([
  ...(['admin', 'teaches', ...RightKind.options, 'preview'] as const),
  ...Waiting.options,
  ...(['disabled', 'refunded', 'lapsed', 'disputed', 'ended', 'expired', 'not-enrolled', 'not-signed-in', 'hidden'] as const),
])
export type Because = z.infer<typeof Because>

/** Of these, what the refusal `access-ended` says in its `because`. */
export const AccessEnd = z.enum(['expired', 'refunded', 'lapsed', 'disputed', 'ended'])
export type AccessEnd = z.infer<typeof AccessEnd>

/** A right as it stood at the moment asked for. */
const Right = z.object({ kind: RightKind, begunBy: Fact, until: z.optional(when), endedBy: z.optional(Fact), isRunning: z.boolean() })

/**
 * The very decision the lesson page is answered by, and everything it rests on. Only the ledger is read as of `at`: roles, the
 * account, free previews, what has been completed and the catalogue are as they are now.
 */
export const Explanation = z.object({
  at: when,
  person: z.object({ id: z.string(), name: z.string(), email: z.string(), isDisabled: z.boolean() }),
  course: z.object({ id: z.string(), slug: z.string(), title: z.string(), isListed: z.boolean() }),
  /** `isPublished`: it is in the course as learners have it, not only in its teacher’s draft, where no right reaches. */
  lesson: z.object({ id: z.string(), title: z.string(), isPreview: z.boolean(), isPublished: z.boolean() }),
  isOpen: z.boolean(),
  because: Because,
  /** When it closes by itself. */
  until: z.optional(when),
  /** When it opens by itself, where `because` is `not-yet`. */
  opensAt: z.optional(when),
  /** Each rule in the order it is tried, and whether it opened the lesson. The first that does decides. */
  rules: z.array(z.object({ rule: z.enum(['account', 'admin', 'teaches', 'pace', 'right', 'preview']), says: z.enum(['opens', 'closes', 'nothing']) })),
  rights: z.array(Right),
  /** The whole ledger of the person and the course, those facts too that came after `at`. */
  facts: z.array(Fact),
  /** When a right ran over all of that ledger, and will run if nothing else happens: stretches in order, none touching another. */
  periods: z.array(z.object({ from: when, to: z.optional(when) })),
})
export type Explanation = z.infer<typeof Explanation>

const note = z.string().check(z.trim(), z.minLength(1), z.maxLength(300))

export const grants = {
  explain: endpoint({
    method: 'GET',
    path: '/school/access',
    access: 'support',
    summary: 'Why somebody can, or cannot, see a lesson, now or at another moment',
    input: z.object({ email: z.email(), lesson: id('les'), at: z.optional(when) }),
    output: Explanation,
  }),
  give: endpoint({
    method: 'POST',
    path: '/school/access/gifts',
    access: 'support',
    summary: 'Give somebody a published course, for good or until a day',
    input: z.object({ email: z.email(), course: id('crs'), until: z.optional(when), note }),
    output: done,
  }),
  end: endpoint({
    method: 'POST',
    path: '/school/access/ends',
    access: 'support',
    summary: 'End somebody’s access to a course; money stays where it is',
    input: z.object({ email: z.email(), course: id('crs'), note }),
    output: done,
  }),
}
