import type { Deliveries } from './deliveries.ts'
import { API_VERSION, makeId } from './errors.ts'
import type { Kept } from './kinds.ts'
import type { Rules } from './rules.ts'
import { changed, shown } from './shown.ts'
import type { Store, StripeEvent } from './store.ts'

/** A moment things are worked on at: of the stand-in's clock or a test clock, and what its events are dated by. */
export type Moment = { seconds: number; stamp: number }

type Options = { store: Store; deliveries: Deliveries; publicUrl: string; now: () => number }
type Asked = { key: string | null }

/** The clocks: the one on the wall, the stand-in's, moved ahead of it, and test clocks. */
const clocks = ({ store, now }: Options) => {
  let moment: Moment | undefined
  return {
    /** Unmoved: what the receiver of webhooks has on its own clock. */
    stamp: (): number => moment?.stamp ?? Math.floor(now() / 1000),
    /** In seconds: the moment worked on, else the test clock's of this customer, else the stand-in's. */
    seconds(customer?: string | null): number {
      if (moment) return moment.seconds
      const clock = store.get('test_helpers.test_clock', store.get('customer', customer)?.test_clock)
      return clock?.frozen_time ?? Math.floor(now() / 1000) + store.ahead()
    },
    at<T>(then: Moment, work: () => T): T {
      const before = moment
      moment = then
      try {
        return work()
      } finally {
        moment = before
      }
    },
  }
}

/**
 * What every part of the stand-in works with. `together` is one transaction: what is put, what is told of it and the
 * deliveries of that are written as one, or not at all.
 */
export const openDesk = (options: Options) => {
  const { store, deliveries, publicUrl } = options
  const time = clocks(options)
  let told: StripeEvent[] | undefined
  let asked: Asked = { key: null }

  return {
    ...time,
    store,
    publicUrl,
    rules: (): Rules => store.rules(),
    /** Tells of something that happened to a thing that is as it is now; inside `together` only. */
    tell(type: string, kept: Kept, before?: Kept): void {
      if (!told) throw new Error(`${type} happened outside a transaction.`)
      const object = shown(kept)
      const previous = before && { previous_attributes: changed(shown(before), object) }
      const isLive = 'livemode' in kept && kept.livemode
      const head = { id: makeId('evt', 12), object: 'event' as const, api_version: API_VERSION, created: time.stamp() }
      told.push({ ...head, data: { object, ...previous }, livemode: isLive, pending_webhooks: 0, request: { id: null, idempotency_key: asked.key }, type })
    },
    together<T>(work: () => T, by: Asked = { key: null }): T {
      if (told) return work()
      const events: StripeEvent[] = []
      asked = by
      told = events
      try {
        return store.together(() => {
          const done = work()
          for (const event of events) store.putEvent(event)
          deliveries.plan(events)
          return done
        })
      } finally {
        told = undefined
        asked = { key: null }
        if (events.length > 0) deliveries.wake()
      }
    },
    /** What would come of it: everything put and told is undone. */
    rehearse<T>(work: () => T): T {
      const before = told?.length ?? 0
      try {
        return store.rehearse(work)
      } finally {
        told?.splice(before)
      }
    },
  }
}
export type Desk = ReturnType<typeof openDesk>
