import type { Membership } from '#contract/memberships.ts'
import type { CourseName } from '#contract/offers.ts'
import type { Policy } from '#contract/refunds.ts'
import { publicationRecords } from '#core/courses/records.ts'
import type { Actor } from '#core/handlers.ts'
import { plus } from '#core/moments.ts'
import type { Stored } from '#core/records.ts'
import { moneyPolicy } from '#core/refunds/policy.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { PaymentRefused, PaymentsUnavailable } from '#ports/payments.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { graceUntil } from './reckoning.ts'
import { coursesOf, membershipRecords, type StoredMembership } from './records.ts'
import { bringUpToDate } from './standing.ts'

/** A membership of the actor's own. */
export const ownMembership = async ({ tables }: World, { id: learner }: Actor, id: string): Promise<Stored<StoredMembership>> => {
  const membership = await membershipRecords.get(tables, { learner, id })
  if (!membership) throw missing('membership')
  return membership
}

/** What a provider that is down, or says no, means to somebody who asked for something. */
export const asked = async <T>(answer: Promise<T>, no: string): Promise<T> => {
  try {
    return await answer
  } catch (error) {
    if (error instanceof PaymentsUnavailable)
      throw new Refusal('payments-down', 'The payment provider cannot be reached at the moment. Nothing is lost: try again in a while.')
    if (error instanceof PaymentRefused) throw new Refusal('payment-refused', no)
    throw error
  }
}

const namesOf = async (tables: Tables, membership: StoredMembership): Promise<CourseName[]> => {
  if (membership.kind === 'instalments') return membership.courses ?? []
  const publications = await Promise.all((await coursesOf(tables, membership)).map((id) => publicationRecords.get(tables, { id })))
  return publications.flatMap((publication) =>
    publication ? [{ id: publication.value.id, slug: publication.value.slug, title: publication.value.title }] : [],
  )
}

const owing = (membership: StoredMembership, policy: Policy): Partial<Membership> => {
  const { state, kind, owedSince, retryAt, payUrl, endedAt } = membership
  if (owedSince === undefined || (state !== 'grace' && state !== 'lapsed')) return {}
  return {
    ...(state === 'grace' && { graceUntil: graceUntil(owedSince, policy) }),
    ...(retryAt !== undefined && endedAt === undefined && { retryAt }),
    // Nobody cancels a plan: where the provider has stopped trying, it can still be paid. Of a membership that may be its learner’s wish.
    ...(payUrl !== undefined && (endedAt === undefined || kind === 'instalments') && { payUrl }),
  }
}

/** A membership as its learner may see it. */
export const shown = async ({ tables }: World, membership: StoredMembership): Promise<Membership> => {
  const { id, order, offer, title, kind, state, price, every, startedAt, paidUntil, endsAt, count, paidCount } = membership
  return {
    ...{ id, order, offer, title, kind, state, price, every, since: startedAt, paidUntil, courses: await namesOf(tables, membership) },
    ...(endsAt !== undefined && state !== 'ended' && { endsAt }),
    ...owing(membership, await moneyPolicy(tables)),
    ...(kind === 'instalments' && count !== undefined && { instalments: { paid: Math.min(paidCount, count), of: count } }),
  }
}

/** As it is once the provider has been read again. */
export const shownAnew = async (world: World, actor: Actor, { id, subscription }: StoredMembership): Promise<Membership> => {
  const odd = await asked(bringUpToDate(world, subscription), 'The payment provider says no.')
  if (odd !== undefined) throw new Refusal('conflict', 'Something about this membership does not agree. The school has to look at it: write to them.')
  return shown(world, (await ownMembership(world, actor, id)).value)
}

const WATCHED_EVERY_MS = 15_000

/** One that is owed for is read again while its learner looks: they may just have paid. */
export const watched = async (world: World, membership: StoredMembership): Promise<StoredMembership> => {
  const { learner, id, subscription, readAt, owedSince } = membership
  const now = world.clock.now().toISOString()
  if (owedSince === undefined || membership.endedAt !== undefined || plus(readAt, WATCHED_EVERY_MS) > now) return membership
  try {
    await bringUpToDate(world, subscription)
  } catch (error) {
    if (!(error instanceof PaymentsUnavailable)) throw error
    world.log.warn('payments unavailable', { reason: error.message })
  }
  return (await membershipRecords.get(world.tables, { learner, id }))?.value ?? membership
}
