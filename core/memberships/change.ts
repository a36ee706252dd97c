import type { ChangePreview, Membership } from '#contract/memberships.ts'
import type { Interval } from '#contract/offers.ts'
import type { Actor } from '#core/handlers.ts'
import { HOUR_MS, isBefore } from '#core/moments.ts'
import { offerRecords } from '#core/offers/records.ts'
import type { Stored } from '#core/records.ts'
import { moneyPolicy } from '#core/refunds/policy.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { type Money, PaymentRefused, type SubscriptionChange } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { asked, ownMembership, shownAnew } from './own.ts'
import { membershipRecords, type StoredMembership } from './records.ts'
import { bringUpToDate } from './standing.ts'
import { due } from './writing.ts'

type Wanted = { membership: string; offer: string; every: Interval }
type Target = { offer: string; title: string; every: Interval; price: Money }

/** What there is to change to: another membership that is on sale, or another interval, in the same currency. */
const target = async ({ tables }: World, { offer: from, price: now, every: was }: StoredMembership, { offer: id, every }: Wanted): Promise<Target> => {
  const offer = (await offerRecords.get(tables, { id }))?.value
  if (!offer?.isOnSale || offer.terms.kind !== 'membership') throw missing('membership')
  const price = offer.prices.find((each) => each.every === every && each.price.currency === now.currency)?.price
  if (!price) throw new Refusal('not-for-sale', 'This is not sold in the currency you pay in.')
  const isSame = id === from && every === was && price.amountMinor === now.amountMinor
  if (isSame) throw new Refusal('conflict', 'This is what you have already.')
  return { offer: id, title: offer.title, every, price }
}

/** Only what is paid for and goes on can be changed: not a plan, not what is owed for, disputed, cancelled or over. */
const changeable = ({ kind, state, endsAt }: StoredMembership): void => {
  if (kind !== 'membership') throw new Refusal('not-allowed', 'An instalment plan stays as it was agreed.')
  if (endsAt !== undefined) throw new Refusal('conflict', 'This membership has been cancelled. Resume it first.')
  if (state !== 'active' && state !== 'trial') throw new Refusal('conflict', 'This membership cannot be changed as it is now.')
}

/**
 * The moment a change is reckoned as of: the beginning of the hour, so that what was shown is what is charged a few minutes later,
 * but within the period that has been paid for.
 */
const reckonedAt = ({ invoices, startedAt, newest }: StoredMembership, now: Date): string => {
  const hour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS).toISOString()
  return [startedAt, newest?.createdAt ?? startedAt, ...invoices.map(({ paidAt }) => paidAt)].reduce((latest, at) => (isBefore(latest, at) ? at : latest), hour)
}

const isFor = (change: StoredMembership['change'], { offer, every, price }: Target): boolean =>
  change?.offer === offer && change.every === every && change.price.amountMinor === price.amountMinor

const requestFor = async ({ tables, clock }: World, membership: StoredMembership, to: Target): Promise<SubscriptionChange> => {
  const { price, every, title } = to
  const { isTaxed } = await moneyPolicy(tables)
  // Asked for again after an answer that never came, it is the same request under the same key: it is charged once.
  const at = membership.change && isFor(membership.change, to) ? membership.change.reckonedAt : reckonedAt(membership, clock.now())
  return { subscription: membership.subscription, price, every, title, isTaxed, reckonedAt: at }
}

const NO = 'The payment did not go through, and nothing was changed. Try another card.'

export const previewChange = async (world: World, actor: Actor, wanted: Wanted): Promise<ChangePreview> => {
  const { value } = await ownMembership(world, actor, wanted.membership)
  changeable(value)
  const to = await target(world, value, wanted)
  const { dueNow, nextAt } = await asked(world.payments.previewChange(await requestFor(world, value, to)), NO)
  return { ...to, dueNow, nextAt }
}

/** Written before the provider is asked: whatever becomes of us, what it then charges is known to be for this. */
const intend = async ({ tables, clock, ids }: World, before: Stored<StoredMembership>, to: Target, reckonedAt: string): Promise<string> => {
  const now = clock.now().toISOString()
  const { change } = before.value
  const id = change && isFor(change, to) ? change.id : ids.make('chg')
  const after = { ...before.value, change: { id, ...to, reckonedAt, askedAt: now }, dueAt: now }
  const outcome = await tables.commit([membershipRecords.replace(before, after), due(after)])
  if (outcome === 'conflict') throw new Refusal('conflict', 'This membership is being written elsewhere at this moment. Try again.')
  return id
}

const giveUp = async ({ tables }: World, { learner, id }: StoredMembership, change: string): Promise<void> => {
  const before = await membershipRecords.get(tables, { learner, id })
  if (before?.value.change?.id !== change) return
  const { change: _, ...kept } = before.value
  await tables.commit([membershipRecords.replace(before, kept)])
}

/** As it is now: a change that no answer came for may have been made since. */
const current = async (world: World, actor: Actor, id: string): Promise<Stored<StoredMembership>> => {
  const known = await ownMembership(world, actor, id)
  if (!known.value.change) return known
  await asked(bringUpToDate(world, known.value.subscription), NO)
  return ownMembership(world, actor, id)
}

export const change = async (world: World, actor: Actor, { shown, ...wanted }: Wanted & { shown: Money }): Promise<Membership> => {
  const before = await current(world, actor, wanted.membership)
  changeable(before.value)
  const to = await target(world, before.value, wanted)
  if (before.value.change && !isFor(before.value.change, to))
    throw new Refusal('conflict', 'Another change of this membership is on its way. Look again in a quarter of an hour.')
  const request = await requestFor(world, before.value, to)
  const { dueNow } = await asked(world.payments.previewChange(request), NO)
  if (dueNow.amountMinor !== shown.amountMinor || dueNow.currency !== shown.currency) {
    throw new Refusal('price-changed', 'What it costs has changed since it was shown. Look at it again before you change.')
  }
  const id = await intend(world, before, to, request.reckonedAt)
  const made = world.payments.changeSubscription({ ...request, idempotencyKey: id }).catch(async (error: unknown) => {
    if (error instanceof PaymentRefused) await giveUp(world, before.value, id)
    throw error
  })
  await asked(made, NO)
  return shownAnew(world, actor, before.value)
}
