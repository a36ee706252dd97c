import * as z from 'zod/mini'
import { Money } from '#contract/base.ts'
import { Fact } from '#contract/grants.ts'
import { MembershipState } from '#contract/memberships.ts'
import { CourseName, Interval } from '#contract/offers.ts'
import { offerRecords } from '#core/offers/records.ts'
import { BOOKS } from '#core/personal.ts'
import { all, records, type Stored } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

export const StoredMembership = z.object({
  id: z.string(),
  learner: z.string(),
  email: z.string(),
  order: z.string(),
  offer: z.string(),
  title: z.string(),
  kind: z.enum(['membership', 'instalments']),
  /** Of an instalment plan, as agreed. A membership opens what its offer holds now. */
  courses: z.optional(z.array(CourseName)),
  count: z.optional(z.int()),
  paidCount: z.int(),
  price: Money,
  every: Interval,
  state: MembershipState,
  isLive: z.boolean(),
  /** The provider's ids. */
  subscription: z.string(),
  customer: z.optional(z.string()),
  startedAt: z.string(),
  /** Until when it is paid for, as last read. */
  paidUntil: z.string(),
  endsAt: z.optional(z.string()),
  /** Since when a payment is owed. */
  owedSince: z.optional(z.string()),
  /** How much: credit may have lessened it. */
  owed: z.optional(Money),
  retryAt: z.optional(z.string()),
  payUrl: z.optional(z.string()),
  /** When the provider was last asked, and when it is asked next, news or not. */
  readAt: z.string(),
  dueAt: z.optional(z.string()),
  /** The newest invoice as last read: what tells an answer that is older than the last one. */
  newest: z.optional(z.object({ id: z.string(), createdAt: z.string(), state: z.string(), attempts: z.int() })),
  /** When the provider ended it. It never comes back from there. */
  endedAt: z.optional(z.string()),
  /** A change the provider was asked for: written before it is asked, and done once it tells the new price. */
  change: z.optional(
    z.object({ id: z.string(), offer: z.string(), title: z.string(), price: Money, every: Interval, reckonedAt: z.string(), askedAt: z.string() }),
  ),
  /** Steps the learner was written to about, newest last. */
  told: z.optional(z.array(z.string())),
  /** Invoices that are booked: id, and when it was paid. */
  invoices: z.array(z.object({ id: z.string(), payment: z.optional(z.string()), paidAt: z.string() })),
  /** What has happened to the right it gives; `ledgerOf` reads these beside the course's own. */
  facts: z.array(Fact),
})
export type StoredMembership = z.infer<typeof StoredMembership>

export const MEMBERSHIPS = 'memberships'

export const membershipRecords = records({
  schema: StoredMembership,
  key: ({ learner, id }: { learner: string; id: string }) => ({ pk: `learner#${learner}`, sk: `membership#${id}` }),
  index: ({ startedAt, id }) => ({ ipk: MEMBERSHIPS, isk: `${startedAt}#${id}` }),
  people: {
    what: 'stays',
    says: 'Your memberships and plans',
    because: BOOKS,
    whose: ({ learner }) => learner,
    // They may have had another address when it began.
    mend: (membership, { alias }) => (membership.learner === alias.id ? { ...membership, email: alias.email } : membership),
  },
})

/** Found by what the provider calls it, and by our own id. */
export const membershipOfRecords = records({
  schema: z.object({ by: z.string(), learner: z.string(), id: z.string() }),
  key: ({ by }: { by: string }) => ({ pk: `membership-of#${by}`, sk: 'membership' }),
  people: { what: 'stays', says: 'Which memberships are yours', because: BOOKS, whose: ({ learner }) => learner },
})

/** By what the provider calls it, or by our own id. */
export const membershipNamed = async (tables: Tables, by: string): Promise<Stored<StoredMembership> | undefined> => {
  const named = (await membershipOfRecords.get(tables, { by }))?.value
  return named && membershipRecords.get(tables, named)
}

/** When each is to be read next; an index of its own, for the record's has another order. */
export const DUE_MEMBERSHIPS = 'due-memberships'
export const membershipDueRecords = records({
  schema: z.object({ id: z.string(), learner: z.string(), dueAt: z.string() }),
  key: ({ id }: { id: string }) => ({ pk: `membership-due#${id}`, sk: 'due' }),
  index: ({ id, dueAt }) => ({ ipk: DUE_MEMBERSHIPS, isk: `${dueAt}#${id}` }),
  people: { what: 'stays', says: 'When your memberships are looked at next', because: BOOKS, whose: ({ learner }) => learner },
})

/** Who follows a course by a plan, or an offer’s courses by a membership: `of` is the course’s or the offer’s id. */
export const memberRecords = records({
  schema: z.object({ of: z.string(), learner: z.string(), membership: z.string() }),
  key: ({ of, membership }: { of: string; membership: string }) => ({ pk: `members-of#${of}`, sk: membership }),
  people: { what: 'stays', says: 'What your memberships open', because: BOOKS, whose: ({ learner }) => learner },
})

export const membershipsOf = (tables: Tables, learner: string): Promise<StoredMembership[]> =>
  all((page) => membershipRecords.list(tables, `learner#${learner}`, { prefix: 'membership#', ...(page !== undefined && { page }) }))

/** Ids of the courses it opens. */
export const coursesOf = async (tables: Tables, { kind, courses = [], offer }: StoredMembership): Promise<string[]> => {
  if (kind === 'instalments') return courses.map(({ id }) => id)
  return (await offerRecords.get(tables, { id: offer }))?.value.courses ?? []
}

/** What has happened to a right to the course that somebody has by a membership or a plan. */
export const membershipFacts = async (tables: Tables, learner: string, course: string): Promise<Fact[]> => {
  const facts: Fact[] = []
  for (const membership of await membershipsOf(tables, learner)) if ((await coursesOf(tables, membership)).includes(course)) facts.push(...membership.facts)
  return facts
}
