import type { memberships as contract, Membership } from '#contract/memberships.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { change, previewChange } from './change.ts'
import { closing } from './close.ts'
import { asked, ownMembership, shown, shownAnew, watched } from './own.ts'
import { isDone } from './reckoning.ts'
import { membershipsOf } from './records.ts'
import { readDue } from './sweep.ts'

const mine = async (world: World, { id }: Actor): Promise<{ memberships: Membership[] }> => {
  const all = (await membershipsOf(world.tables, id)).sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1))
  return { memberships: await Promise.all(all.map(async (each) => shown(world, await watched(world, each)))) }
}

/** What is paid for runs out. Where nothing is, it ends at once and is asked for no more. */
const cancel = async (world: World, actor: Actor, { membership: id }: { membership: string }): Promise<Membership> => {
  const { value } = await ownMembership(world, actor, id)
  const { kind, state, subscription, endsAt, endedAt } = value
  if (kind === 'instalments') throw new Refusal('not-allowed', 'An instalment plan is paid to its end. Write to the school if you cannot.')
  if (isDone(value) || endsAt !== undefined || endedAt !== undefined) throw new Refusal('conflict', 'This membership has been cancelled already.')
  const isOwed = state === 'grace' || state === 'lapsed'
  await asked(world.payments.endSubscription(subscription, isOwed ? 'now' : 'period-end'), 'The payment provider could not cancel it. Write to the school.')
  return shownAnew(world, actor, value)
}

const resume = async (world: World, actor: Actor, { membership: id }: { membership: string }): Promise<Membership> => {
  const { value } = await ownMembership(world, actor, id)
  const { subscription, endsAt, endedAt, kind } = value
  if (isDone(value) || endedAt !== undefined) throw new Refusal('conflict', 'This membership has ended. Begin a new one.')
  if (endsAt === undefined || kind === 'instalments') throw new Refusal('conflict', 'This membership has not been cancelled.')
  await asked(world.payments.resumeSubscription(subscription), 'The payment provider could not resume it. Begin a new one once it has ended.')
  return shownAnew(world, actor, value)
}

const portal = async (world: World, actor: Actor, { membership: id }: { membership: string }): Promise<{ url: string }> => {
  const { customer } = (await ownMembership(world, actor, id)).value
  if (customer === undefined) throw new Refusal('not-ready', 'The payment provider does not know you as a customer yet. Try again in a while.')
  return { url: await asked(world.payments.openPortal(customer, `${world.settings.url}/purchases`), 'The payment provider has no such page.') }
}

export const memberships: Feature<typeof contract> = {
  handlers: { mine, cancel, resume, previewChange, change, portal },
  hearings: closing,
  timers: [{ name: 'memberships.read-due', everySeconds: 60, run: readDue }],
}
