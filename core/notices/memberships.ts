import { type Hearing, hearing } from '#core/events.ts'
import { graceUntil } from '#core/memberships/reckoning.ts'
import { membershipRecords, type StoredMembership } from '#core/memberships/records.ts'
import { moneyPolicy } from '#core/refunds/policy.ts'
import type { World } from '#ports/world.ts'
import type { Words } from './words/en.ts'
import type { Formats } from './words/formats.ts'
import { type Content, write } from './write.ts'

type Told = { membership: StoredMembership; graceHours: number; url: string; words: Words['shop']['membership']; formats: Formats }
type Action = NonNullable<Content['action']>

const isPlan = ({ kind }: StoredMembership): boolean => kind === 'instalments'
const what = ({ membership: { title, kind }, words }: Told): string => words.what[kind](title)
/** What is owed now: credit may have made it less than the price. */
const debt = ({ membership: { owed, price: whole }, formats }: Told): string => formats.money(owed ?? whole)
const paidOrFree = ({ state }: StoredMembership): 'free' | 'paid' => (state === 'trial' ? 'free' : 'paid')
const price = ({ membership: { price: of, every }, words, formats }: Told): string => words.price[every](formats.money(of))

const learn = ({ url, words }: Told): Action => ({ label: words.learn, url: `${url}/learning` })
const manage = ({ url, words }: Told): Action => ({ label: words.manage, url: `${url}/purchases` })
/** To the provider’s own page of what is open, where there is one. */
const pay = (told: Told, label: string): Action => {
  const { payUrl } = told.membership
  return payUrl === undefined ? manage(told) : { label, url: payUrl }
}

const closes = ({ membership, graceHours, formats }: Told): string => formats.moment(graceUntil(membership.owedSince ?? membership.paidUntil, { graceHours }))

const started = (told: Told): Content | undefined => {
  const { membership, formats } = told
  const { title, state, paidUntil, count = 0, paidCount } = membership
  const { started: words } = told.words
  if (state === 'ended') return undefined
  if (isPlan(membership)) {
    const { subject, welcome, parts, theirs } = words.plan
    return {
      subject: subject(title),
      paragraphs: [`${welcome(title)} ${parts(paidCount, count, formats.money(membership.price))}`, theirs],
      action: learn(told),
    }
  }
  const { subject, text } = words[state === 'trial' ? 'trial' : 'paid']
  return { subject: subject(title), paragraphs: [words.welcome(title), text(formats.day(paidUntil), price(told))], action: learn(told) }
}

const failed = (told: Told, { attempt, needsAction }: { attempt: number; needsAction: boolean }): Content | undefined => {
  const { membership, formats } = told
  // Paid meanwhile: nothing is to be said that is no longer so.
  if (membership.state !== 'grace') return undefined
  const { retryAt, title } = membership
  const { payNow, failed: words } = told.words
  const stays = words.stays(closes(told))
  if (needsAction) {
    const { subject, text, action } = words.confirm
    return { subject: subject(title), paragraphs: [text(debt(told), what(told)), stays], action: pay(told, action) }
  }
  const isFirst = attempt <= 1
  const again = retryAt === undefined ? words.notAgain : words.again(formats.day(retryAt))
  const paragraphs = [isFirst ? words.first.text(debt(told), what(told)) : words.more.text(what(told)), stays, `${again} ${words.otherCard}`]
  return { subject: words[isFirst ? 'first' : 'more'].subject(title), paragraphs, action: pay(told, payNow) }
}

const soon = (told: Told, kind: 'trial-ends' | 'renews' | 'closes'): Content | undefined => {
  const { membership, formats } = told
  const { title, state, paidUntil, endsAt } = membership
  const { payNow, soon: words } = told.words
  if (kind === 'closes') {
    if (state !== 'grace') return undefined
    return { subject: words.closes.subject(title), paragraphs: [words.closes.text(debt(told), what(told), closes(told))], action: pay(told, payNow) }
  }
  if (endsAt !== undefined || state === 'ended') return undefined
  const { subject, text } = words[kind]
  const day = formats.day(paidUntil)
  const costs = kind === 'renews' ? formats.money(membership.price) : price(told)
  return { subject: subject(day, title), paragraphs: [text(title, day, costs), words.stop], action: manage(told) }
}

const lapsed = (told: Told): Content | undefined => {
  const { kept, ended: words } = told.words
  const { title, endedAt, state } = told.membership
  if (state !== 'lapsed' && state !== 'ended') return undefined
  const canPay = endedAt === undefined
  const { subject, text, again, action } = words.lapsed
  return {
    subject: subject(title),
    paragraphs: [text(debt(told), what(told)), canPay ? `${again} ${kept}` : kept],
    action: canPay ? pay(told, action) : manage(told),
  }
}

const ended = (told: Told, because: 'lapsed' | 'cancelled' | 'refunded' | 'disputed'): Content | undefined => {
  if (because === 'lapsed') return lapsed(told)
  const { kept, ended: words } = told.words
  const { title, state } = told.membership
  if (because === 'cancelled') {
    const { subject, text, back } = words.cancelled
    return { subject: subject(title), paragraphs: [`${text(title)} ${kept}`, back], action: manage(told) }
  }
  const disputed = state === 'ended' ? words.lost : words.waits
  const { subject, text } = because === 'refunded' ? words.refunded : disputed
  return { subject: subject(title), paragraphs: [text(title), kept] }
}

const ending = (told: Told): Content | undefined => {
  const { endsAt, endedAt, state, title } = told.membership
  if (endsAt === undefined) return undefined
  const { subject, text, mind } = told.words.changed.ending
  const until = state === 'grace' ? closes(told) : told.formats.day(endsAt)
  return { subject: subject(title), paragraphs: [text(title, until), ...(state !== 'grace' && endedAt === undefined ? [mind] : [])], action: manage(told) }
}

const changed = (told: Told, to: 'ending' | 'resumed' | 'other-offer' | 'cleared'): Content | undefined => {
  if (to === 'ending') return ending(told)
  const { membership, formats } = told
  const { title, endsAt, paidUntil } = membership
  const { changed: words } = told.words
  const { subject, text } = words[to]
  if (to === 'cleared') return { subject: subject(title), paragraphs: [text(title)], action: learn(told) }
  if (endsAt !== undefined) return undefined
  const goes = words[paidOrFree(membership)](formats.day(paidUntil), price(told))
  return { subject: subject(title), paragraphs: [`${text(title)} ${goes}`], action: to === 'resumed' ? manage(told) : learn(told) }
}

const recovered = (told: Told): Content | undefined => {
  const { membership, formats } = told
  const { title, paidUntil, state, endsAt } = membership
  const { recovered: words } = told.words
  if (state !== 'active' && state !== 'trial') return undefined
  const thanks = words[paidOrFree(membership)](what(told), formats.day(paidUntil))
  return { subject: words.subject(title), paragraphs: [endsAt === undefined ? thanks : `${thanks} ${words.last}`], action: learn(told) }
}

const complete = (told: Told): Content => {
  const { title } = told.membership
  const { subject, text } = told.words.complete
  return { subject: subject(title), paragraphs: [text(title)], action: learn(told) }
}

type Of = { membership: string; learner: string }

/** Writes what there is to say of a membership as it is now: what has changed since it happened is said as it is, or not at all. */
const say = async (world: World, { membership: of, learner }: Of, { id }: { id: string }, contentOf: (told: Told) => Content | undefined): Promise<void> => {
  const membership = (await membershipRecords.get(world.tables, { learner, id: of }))?.value
  if (!membership) return
  const { graceHours } = await moneyPolicy(world.tables)
  await write(world, {
    id,
    kind: 'membership',
    person: learner,
    content: ({ shop }, formats) => contentOf({ membership, graceHours, url: world.settings.url, words: shop.membership, formats }),
  })
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
