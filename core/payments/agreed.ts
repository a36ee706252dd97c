import { enrolmentOf } from '#core/enrolments/enrolments.ts'
import { ledgerOf } from '#core/grants/access.ts'
import { rightsOf } from '#core/grants/decide.ts'
import type { Actor } from '#core/handlers.ts'
import { membershipsOf } from '#core/memberships/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import type { Quoted } from './quote.ts'
import type { StoredOrder } from './records.ts'

/** What buyer and school agree on when something is ordered. */
export type Agreed = Pick<StoredOrder, 'email' | 'item' | 'title' | 'courses' | 'terms' | 'recipient' | 'unit' | 'price' | 'coupon' | 'isTaxed' | 'isLive'>

export const agreed = ({ payments }: World, { email }: Pick<Actor, 'email'>, quoted: Quoted): Agreed => {
  const { item, title, courses, terms, recipient, unit, dueNow, coupon, isTaxed } = quoted
  return { ...{ email, item, title, courses, terms, recipient, unit, isTaxed }, price: dueNow, isLive: payments.isLive, ...(coupon && { coupon }) }
}

/** However an object was put together, the same things in it are the same text. */
const sorted = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value

/** What a checkout page offers; while it is the same, the page may be handed out again. */
export const offered = ({ email, title, courses, terms, recipient, unit, price, coupon, isTaxed, isLive }: Agreed): string =>
  JSON.stringify([email, title, courses.map(({ id }) => id), terms, recipient, unit, price, coupon?.code, isTaxed, isLive], sorted)

const hasForGood = async ({ tables, clock }: World, learner: string, { id }: { id: string }): Promise<boolean> => {
  const at = clock.now().toISOString()
  const own = rightsOf((await enrolmentOf(tables, learner, id))?.value.facts ?? [], at)
  // Money is not taken for a door that the school has closed itself: whoever closed it can open it.
  const isShut = !own.some(({ isRunning }) => isRunning) && own.at(-1)?.endedBy?.kind === 'ended'
  if (isShut) throw new Refusal('access-ended', 'The school has ended your access to this course. Write to the school before you buy it again.', 'ended')
  // Someone who has it until a day, or while they pay for it, may still buy it for good. A plan whose instalments are all paid is for good.
  return rightsOf(await ledgerOf(tables, { id: learner }, id), at).some(({ isRunning, until }) => isRunning && until === undefined)
}

/** Nobody pays twice for the same membership or plan: not while it runs, nor while a payment of it is owed. One that the provider has ended is not charged for again. */
const refuseMember = async ({ tables }: World, learner: string, { item }: Pick<Agreed, 'item'>): Promise<void> => {
  if (item.kind !== 'offer') return
  const mine = await membershipsOf(tables, learner)
  if (!mine.some(({ offer, state, endedAt }) => offer === item.offer && (state === 'complete' || (state !== 'ended' && endedAt === undefined)))) return
  throw new Refusal('already-enrolled', 'You have this already. Look under your purchases to change or resume it.')
}

/** Refuses to sell somebody what they have for good already. Of several courses one that is new is enough. */
export const refuseEnrolled = async (world: World, learner: string, wanted: Pick<Agreed, 'recipient' | 'courses' | 'item'>): Promise<void> => {
  const { recipient, courses, item } = wanted
  if (recipient.kind !== 'me') return
  await refuseMember(world, learner, wanted)
  const had = await Promise.all(courses.map((course) => hasForGood(world, learner, course)))
  if (!had.every(Boolean)) return
  throw new Refusal('already-enrolled', item.kind === 'course' ? 'You are enrolled in this course already.' : 'You have all of this already.')
}
