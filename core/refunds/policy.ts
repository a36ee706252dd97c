import * as z from 'zod/mini'
import { type Consequence, type Occasion, Policy } from '#contract/refunds.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

export const USUAL_POLICY: Policy = { graceHours: 72, onDispute: 'pauses', isTaxed: false, seller: '' }

export const policyRecords = records({
  schema: z.object({ id: z.literal('money'), ...Policy.shape }),
  key: ({ id }: { id: 'money' }) => ({ pk: 'school', sk: `policy#${id}` }),
  people: ofNobody,
})

export const moneyPolicy = async (tables: Tables): Promise<Policy> => {
  const stored = (await policyRecords.get(tables, { id: 'money' }))?.value
  return stored ? Policy.parse(stored) : USUAL_POLICY
}

type Rule = { /** What has happened. */ when: string; does: (policy: Policy) => Consequence /** What follows, and what is left to people. */; so: string }

const always =
  (consequence: Consequence): Rule['does'] =>
  () =>
    consequence

/** The written policy, word for word what the school does and what its documentation prints. */
export const RULES: Readonly<Record<Occasion, Rule>> = {
  'refund-whole': {
    when: 'All of a payment is given back; of something recurring, all of the newest one',
    does: always('ends'),
    so: 'What the order opened closes, for the holders of its seats too; a membership or plan is cancelled. Rights by other means stay.',
  },
  'refund-part': {
    when: 'Part of a payment is given back, or an earlier payment of something recurring',
    does: always('keeps'),
    so: 'It is written on the order, and the buyer gets a credit note.',
  },
  'dispute-opened': {
    when: 'The bank disputes a payment',
    does: ({ onDispute }) => onDispute,
    so: 'The owner is told what to answer and until when. A setting: what the order opened waits (usual), or stays open, until the bank decides.',
  },
  'dispute-won': { when: 'A dispute is won, or withdrawn', does: always('returns'), so: 'What waited is open again, unless it was refunded meanwhile.' },
  'dispute-lost': {
    when: 'A dispute is lost',
    does: always('ends'),
    so: 'The bank has given the money back: what the order opened closes, a setting or not. It may be bought again.',
  },
  'fraud-warning': {
    when: 'The card’s bank warns of fraud',
    does: always('keeps'),
    so: 'The owner is told: giving the money back now is cheaper than the dispute that often follows. It is a person’s to decide.',
  },
  'renewal-failed': {
    when: 'A renewal or an instalment cannot be charged',
    does: ({ graceHours }) => (graceHours > 0 ? 'keeps' : 'ends'),
    so: 'Access goes on for the grace (a setting, 72 hours usually); the learner is written to at each try, with where to pay.',
  },
  'grace-over': { when: 'The grace is over and nothing was paid', does: always('ends'), so: 'Only after the provider was asked once more.' },
  'paid-late': { when: 'What was owed is paid after all', does: always('returns'), so: 'At once, with the same progress.' },
  cancelled: {
    when: 'The learner cancels a membership',
    does: always('runs-out'),
    so: 'It is open until the end of what is paid for, and can be resumed until then.',
  },
  'trial-ended': {
    when: 'A trial is over',
    does: always('keeps'),
    so: 'The first payment is taken; when that fails it is a failed renewal. A trial that was cancelled runs out.',
  },
  'plan-complete': { when: 'The last instalment is paid', does: always('keeps'), so: 'The courses are theirs for good.' },
  'course-unlisted': { when: 'A course leaves the catalogue', does: always('keeps'), so: 'Whoever has it keeps it; nobody new can buy it.' },
}

/** What becomes of access. Nothing else decides it: the processor, the preview, the letters and the documentation ask here. */
export const consequenceOf = (occasion: Occasion, policy: Policy): Consequence => RULES[occasion].does(policy)
