import { inWords } from '#contract/currency.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { graceUntil } from '#core/memberships/reckoning.ts'
import { membershipRecords, type StoredMembership } from '#core/memberships/records.ts'
import { moneyPolicy } from '#core/refunds/policy.ts'
import type { World } from '#ports/world.ts'
import { type Content, write } from './write.ts'

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })
const MINUTE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

const day = (at: string): string => DAY.format(new Date(at))
const minute = (at: string): string => `${MINUTE.format(new Date(at))} (UTC)`

type Told = { id: string; membership: StoredMembership; graceHours: number; url: string }
type Action = NonNullable<Content['action']>

const isPlan = ({ kind }: StoredMembership): boolean => kind === 'instalments'
const what = ({ title, kind }: StoredMembership): string => (kind === 'instalments' ? `your instalments for “${title}”` : `your membership “${title}”`)
/** What is owed now: credit may have made it less than the price. */
const debt = ({ owed, price: whole }: StoredMembership): string => inWords(owed ?? whole)
const paidOrFree = ({ state }: StoredMembership): string => (state === 'trial' ? 'free' : 'paid for')
const price = ({ price: of, every }: StoredMembership): string => `${inWords(of)} a ${every}`

const learn = ({ url }: Told): Action => ({ label: 'Open your courses', url: `${url}/learning` })
const manage = ({ url }: Told): Action => ({ label: 'Open your purchases', url: `${url}/purchases` })
/** To the provider’s own page of what is open, where there is one. */
const pay = (told: Told, label: string): Action => {
  const { payUrl } = told.membership
  return payUrl === undefined ? manage(told) : { label, url: payUrl }
}

const closes = ({ membership, graceHours }: Told): string => minute(graceUntil(membership.owedSince ?? membership.paidUntil, { graceHours }))

const started = (told: Told): Content | undefined => {
  const { membership } = told
  const { title, state, paidUntil, count = 0, paidCount } = membership
  if (state === 'ended') return undefined
  if (isPlan(membership)) {
    const paragraphs = [
      `Welcome to “${title}”. ${paidCount} of ${count} instalments is paid; ${inWords(membership.price)} is due each month until all are, and nothing after that.`,
      'Its courses are open to you now, and stay yours once the last instalment is paid.',
    ]
    return { subject: `You are in: ${title}`, paragraphs, action: learn(told) }
  }
  const begins = `Welcome to “${title}”. All its courses are open to you now.`
  const then =
    state === 'trial'
      ? `You try it free of charge until ${day(paidUntil)}. It then costs ${price(membership)}, unless you cancel before.`
      : `It is paid for until ${day(paidUntil)} and is renewed at ${price(membership)}. You can cancel at any time, and keep what you have paid for.`
  return { subject: state === 'trial' ? `Your trial has begun: ${title}` : `You are a member: ${title}`, paragraphs: [begins, then], action: learn(told) }
}

const failed = (told: Told, { attempt, needsAction }: { attempt: number; needsAction: boolean }): Content | undefined => {
  const { membership } = told
  // Paid meanwhile: nothing is to be said that is no longer so.
  if (membership.state !== 'grace') return undefined
  const stays = `Nothing changes for now: everything stays open to you until ${closes(told)}.`
  const { retryAt, title } = membership
  const again = retryAt === undefined ? 'Your card will not be tried again by itself.' : `Your card is tried again on ${day(retryAt)}.`
  if (needsAction) {
    const paragraphs = [`Your bank wants you to confirm a payment of ${debt(membership)} for ${what(membership)}. It takes a minute.`, stays]
    return { subject: `Please confirm a payment: ${title}`, paragraphs, action: pay(told, 'Confirm the payment') }
  }
  const first = `A payment of ${debt(membership)} for ${what(membership)} did not go through. Cards expire, and banks sometimes say no for reasons of their own.`
  const more = `We tried your card again for ${what(membership)}, and it did not go through.`
  const paragraphs = [attempt <= 1 ? first : more, stays, `${again} You can also pay with another card now.`]
  return { subject: attempt <= 1 ? `A payment did not go through: ${title}` : `Still not paid: ${title}`, paragraphs, action: pay(told, 'Pay now') }
}

const soon = (told: Told, kind: 'trial-ends' | 'renews' | 'closes'): Content | undefined => {
  const { membership } = told
  const { title, state, paidUntil, endsAt } = membership
  if (kind === 'closes') {
    if (state !== 'grace') return undefined
    const paragraphs = [
      `${debt(membership)} for ${what(membership)} is still owed. Your access closes on ${closes(told)}. Once it is paid, everything goes on.`,
    ]
    return { subject: `Your access closes soon: ${title}`, paragraphs, action: pay(told, 'Pay now') }
  }
  if (endsAt !== undefined || state === 'ended') return undefined
  const cancel = 'If you would rather stop, cancel before that day; nothing is charged then.'
  if (kind === 'trial-ends') {
    const paragraphs = [`Your trial of “${title}” ends on ${day(paidUntil)}. From then on it costs ${price(membership)}.`, cancel]
    return { subject: `Your trial ends on ${day(paidUntil)}: ${title}`, paragraphs, action: manage(told) }
  }
  const paragraphs = [`Your membership “${title}” is renewed on ${day(paidUntil)} for another year, for ${inWords(membership.price)}.`, cancel]
  return { subject: `Renewed on ${day(paidUntil)}: ${title}`, paragraphs, action: manage(told) }
}

const KEPT = 'Your progress is kept.'

const ended = (told: Told, because: 'lapsed' | 'cancelled' | 'refunded' | 'disputed'): Content | undefined => {
  const { membership } = told
  const { title, endedAt, state } = membership
  if (because === 'lapsed') {
    if (state !== 'lapsed' && state !== 'ended') return undefined
    const canPay = endedAt === undefined
    const paragraphs = [
      `${debt(membership)} for ${what(membership)} was not paid, so its courses are closed for now.`,
      canPay ? `As soon as it is paid they open again, where you left off. ${KEPT}` : KEPT,
    ]
    return { subject: `Closed for now: ${title}`, paragraphs, action: canPay ? pay(told, 'Pay and go on') : manage(told) }
  }
  if (because === 'cancelled') {
    const paragraphs = [`Your membership “${title}” has run out. Nothing more is charged. ${KEPT}`, 'You are welcome back at any time.']
    return { subject: `Your membership has ended: ${title}`, paragraphs, action: manage(told) }
  }
  if (because === 'refunded') {
    const back = `What you paid for “${title}” has been given back, and your access has ended with it. Nothing more is charged. Banks may take some days until the money is in your account.`
    return { subject: `Refunded: ${title}`, paragraphs: [back, KEPT] }
  }
  if (state === 'ended') {
    const lost = `The dispute about a payment for “${title}” has been decided, and your bank has given you the money back. Your access has ended with it, and nothing more is charged. If you did not dispute it, write to the school.`
    return { subject: `Ended: ${title}`, paragraphs: [lost, KEPT] }
  }
  const waits = `Your bank has told us that a payment for “${title}” is disputed, so your access waits until that is decided. If you did not dispute it, ask your bank about it, or write to the school.`
  return { subject: `On hold: ${title}`, paragraphs: [waits, KEPT] }
}

const changed = (told: Told, to: 'ending' | 'resumed' | 'other-offer' | 'cleared'): Content | undefined => {
  const { membership } = told
  const { title, endsAt, paidUntil, state } = membership
  if (to === 'cleared')
    return {
      subject: `Open again: ${title}`,
      paragraphs: [`The dispute about “${title}” has been decided, and everything is open to you again.`],
      action: learn(told),
    }
  if (to === 'ending') {
    if (endsAt === undefined) return undefined
    const until = state === 'grace' ? closes(told) : day(endsAt)
    const paragraphs = [`Your membership “${title}” has been cancelled. It stays open to you until ${until}, and nothing more is charged.`]
    if (state !== 'grace' && membership.endedAt === undefined) paragraphs.push('Until then you can change your mind and resume it.')
    return { subject: `Cancelled: ${title}`, paragraphs, action: manage(told) }
  }
  if (endsAt !== undefined) return undefined
  const goes = `It is ${paidOrFree(membership)} until ${day(paidUntil)} and is renewed then at ${price(membership)}.`
  if (to === 'resumed') return { subject: `It goes on: ${title}`, paragraphs: [`Your membership “${title}” has been resumed. ${goes}`], action: manage(told) }
  return { subject: `Changed: ${title}`, paragraphs: [`Your membership is “${title}” now. ${goes}`], action: learn(told) }
}

const recovered = (told: Told): Content | undefined => {
  const { membership } = told
  const { title, paidUntil, state } = membership
  if (state !== 'active' && state !== 'trial') return undefined
  const goesOn = membership.endsAt === undefined ? '' : ' It is not renewed after that.'
  const paragraphs = [`Thank you: ${what(membership)} is ${paidOrFree(membership)} until ${day(paidUntil)}, and everything is open to you.${goesOn}`]
  return { subject: `Paid, all is well: ${title}`, paragraphs, action: learn(told) }
}

const complete = (told: Told): Content => {
  const { title } = told.membership
  const paragraphs = [`That was the last instalment for “${title}”. Its courses are yours for good, and nothing more is charged.`]
  return { subject: `All paid: ${title}`, paragraphs, action: learn(told) }
}

type Of = { membership: string; learner: string }

/** Writes what there is to say of a membership as it is now: what has changed since it happened is said as it is, or not at all. */
const say = async (world: World, { membership: of, learner }: Of, { id }: { id: string }, words: (told: Told) => Content | undefined): Promise<void> => {
  const membership = (await membershipRecords.get(world.tables, { learner, id: of }))?.value
  if (!membership) return
  const { graceHours } = await moneyPolicy(world.tables)
  const content = words({ id, membership, graceHours, url: world.settings.url })
  if (content) await write(world, { id, kind: 'membership', person: learner, content })
}

/** Letters about what is paid more than once: one for each step, each by its event. */
export const membershipLetters: readonly Hearing[] = [
  hearing('notices.membership-started', 'membership.started', (world, of, heard) => say(world, of, heard, started)),
  hearing('notices.membership-failed', 'membership.payment-failed', (world, of, heard) => say(world, of, heard, (told) => failed(told, of))),
  hearing('notices.membership-due-soon', 'membership.due-soon', (world, of, heard) => say(world, of, heard, (told) => soon(told, of.what))),
  hearing('notices.membership-ended', 'membership.ended', (world, of, heard) => say(world, of, heard, (told) => ended(told, of.because))),
  hearing('notices.membership-changed', 'membership.changed', (world, of, heard) => say(world, of, heard, (told) => changed(told, of.to))),
  hearing('notices.membership-recovered', 'membership.recovered', (world, of, heard) => say(world, of, heard, recovered)),
  hearing('notices.membership-complete', 'membership.complete', (world, of, heard) => say(world, of, heard, complete)),
]
