import { expire } from './checkout.ts'
import type { Desk, Moment } from './desk.ts'
import { invalid, makeId } from './errors.ts'
import type { Kept } from './kinds.ts'
import { DAY_SECONDS } from './periods.ts'
import { failRefund } from './refunds.ts'
import { workOff, workOffInvoice } from './subscriptions.ts'
import type { Clock } from './types.ts'

/** More things in one go than any clock is meant to work off: years of daily renewals. */
const MOST_STEPS = 50_000

const doDue = (desk: Desk, kept: Kept): void => {
  if (kept.object === 'subscription') workOff(desk, kept)
  else if (kept.object === 'invoice') workOffInvoice(desk, kept)
  else if (kept.object === 'checkout.session') expire(desk, kept)
  else if (kept.object === 'refund') failRefund(desk, kept)
  else throw new Error(`Nothing is ever due of ${kept.id}.`)
}

const dueOf = (kept: Kept | undefined): number | null => (kept && 'own' in kept ? kept.own.due : null)

/** Works off all that is due until then, one after another in the order of time, each at its own moment and in its own transaction. */
const workTo = (desk: Desk, clock: string | null, { until, momentOf }: { until: number; momentOf: (due: number) => Moment }): number => {
  const { store } = desk
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const next = store.firstDue(clock, until)
    const due = dueOf(next)
    if (!next || due === null) return steps
    desk.at(momentOf(due), () => desk.together(() => doDue(desk, next)))
    const after = store.any(next.id)
    if (after && JSON.stringify(after) === JSON.stringify(next)) throw new Error(`${next.id} stays due, though it was worked on.`)
  }
  throw new Error('More is due than can be worked off at once.')
}

/** What the stand-in's own clock has come to. */
export const run = (desk: Desk): number => {
  const ahead = desk.store.ahead()
  return workTo(desk, null, { until: desk.seconds(), momentOf: (seconds) => ({ seconds, stamp: seconds - ahead }) })
}

/** Nobody has bought or tried to buy: no moment is on record yet. */
const isUnused = ({ store }: Desk): boolean => store.all('checkout.session', 1).length + store.all('customer', 1).length === 0

/**
 * Moves the stand-in's own clock, and does what comes due on the way. Events are dated by the clock on the wall. Before anything
 * is sold it can be put back, so that what was bought a month ago by it has a renewal now.
 */
export const moveClock = (desk: Desk, to: number): number => {
  const from = desk.seconds()
  if (!Number.isSafeInteger(to) || (to < from && !isUnused(desk))) throw invalid('Once something is sold the clock goes forwards only.', 'to')
  run(desk)
  const stamp = desk.stamp()
  const steps = workTo(desk, null, { until: to, momentOf: (seconds) => ({ seconds, stamp }) })
  desk.store.putAhead(desk.store.ahead() + to - from)
  return steps
}

export const makeClock = ({ store, stamp, tell }: Desk, frozen: number, name: string | null): Clock => {
  const created = stamp()
  const clock = store.put<Clock>({
    ...{ id: makeId('clock', 12), object: 'test_helpers.test_clock', created, deletes_after: created + 30 * DAY_SECONDS, frozen_time: frozen, livemode: false },
    ...{ name, status: 'ready', status_details: {} },
  })
  tell('test_helpers.test_clock.created', clock)
  return clock
}

/** Stripe's is `advancing` for a while first; this one has arrived when it answers. */
export const advance = (desk: Desk, { id, frozen_time: from }: Clock, to: number): Clock => {
  if (to <= from) throw invalid('Test clocks can only be advanced to a time after their frozen time.', 'frozen_time')
  const stamp = desk.stamp()
  workTo(desk, id, { until: to, momentOf: (seconds) => ({ seconds, stamp }) })
  const clock = desk.store.get('test_helpers.test_clock', id)
  if (!clock) throw new Error(`Clock ${id} is gone.`)
  const arrived = desk.store.put<Clock>({ ...clock, frozen_time: to })
  desk.tell('test_helpers.test_clock.ready', arrived, clock)
  return arrived
}
