import type { Clock } from '#ports/clock.ts'
import type { DeadLetter, Events, Listener, Remembered } from '#ports/events.ts'
import type { Event } from '#ports/tables.ts'
import type { Random } from './random.ts'

/** That a listener is still to hear of an event. */
export type Delivery = { key: string; event: string; listener: string; attempts: number; due: number; isDead: boolean; reason: string }

/** What outlives a killed machine: what happened, as text, and who is still to hear of it. */
export type OutboxRows = { told: Map<string, string>; owed: Map<string, Delivery> }
export const emptyOutbox = (): OutboxRows => ({ told: new Map(), owed: new Map() })

const BACKOFF_MS = { first: 500, most: 6 * 3600_000 }
const MOST_ATTEMPTS = 28

const wait = (attempts: number, { fraction }: Pick<Random, 'fraction'>): number => {
  const full = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** (attempts - 1))
  return full / 2 + (full / 2) * fraction()
}

const GIVEN_UP = 'delivery.given-up'

/** That a delivery is given up, to be told unless that was to tell of another. */
const givenUp = ({ id, name }: Event, { listener, reason }: Delivery, now: number): Event[] =>
  name === GIVEN_UP
    ? []
    : [{ id: `${id}.${listener}.${now}.given-up`, name: GIVEN_UP, at: new Date(now).toISOString(), payload: { event: id, name, listener, reason } }]

export type OutboxNow = {
  append(events: readonly Event[]): void
  listen(listeners: readonly Pick<Listener, 'name' | 'hears'>[]): void
  event(delivery: Delivery): Event
  owed(key: string): Delivery | undefined
  waiting(): Delivery[]
  due(): Delivery[]
  finish(delivery: Delivery): void
  /** Puts it off, or shelves it after the last attempt. */
  fail(delivery: Delivery, error: unknown): void
  dead(): DeadLetter[]
  wasTold(event: string): boolean
  replay(event: string, listener: string): 'done' | 'absent'
  discard(event: string, listener: string): 'done' | 'absent'
  remembered(): Remembered[]
  rewrite(told: Remembered): void
}

/** Every event, and it written anew. */
const rememberedNow = ({ told, owed }: OutboxRows): Pick<OutboxNow, 'remembered' | 'rewrite'> => ({
  remembered: () =>
    [...told].map(([id, text]) => ({
      event: JSON.parse(text),
      failures: [...owed.values()].flatMap(({ event, listener, reason }) => (event === id && reason !== '' ? [{ listener, reason }] : [])),
    })),
  rewrite: ({ event, failures }) => {
    if (told.has(event.id)) told.set(event.id, JSON.stringify(event))
    for (const { listener, reason } of failures) {
      const key = `${event.id}\u0000${listener}`
      const delivery = owed.get(key)
      if (delivery) owed.set(key, { ...delivery, reason })
    }
  },
})

type Options = {
  rows: OutboxRows
  clock: Clock
  random: Pick<Random, 'fraction'>
  /** Told of each delivery that is new, or put off. */
  owes(delivery: Delivery): void
}

/** The outbox's deeds, at once: whoever delivers says when. */
export const outboxNow = ({ rows, clock, random, owes }: Options): OutboxNow => {
  let audience: readonly Pick<Listener, 'name' | 'hears'>[] = []
  const now = (): number => clock.now().getTime()
  const owe = (delivery: Delivery): void => {
    rows.owed.set(delivery.key, delivery)
    owes(delivery)
  }
  // Only outbox rows are parsed, and those are events as they were told.
  const event = (delivery: Delivery): Event => JSON.parse(rows.told.get(delivery.event) ?? 'null') as Event
  const append = (events: readonly Event[]): void => {
    for (const happened of events) {
      if (rows.told.has(happened.id)) continue
      rows.told.set(happened.id, JSON.stringify(happened))
      for (const { name, hears } of audience) {
        if (hears.includes(happened.name)) {
          owe({ key: `${happened.id}\u0000${name}`, event: happened.id, listener: name, attempts: 0, due: now(), isDead: false, reason: '' })
        }
      }
    }
  }
  return {
    ...rememberedNow(rows),
    event,
    owed: (key) => rows.owed.get(key),
    wasTold: (id) => rows.told.has(id),
    waiting: () => [...rows.owed.values()].filter(({ isDead }) => !isDead),
    listen: (listeners) => {
      audience = [...listeners]
    },
    append,
    due: () => [...rows.owed.values()].filter(({ isDead, due }) => !isDead && due <= now()),
    finish: ({ key }) => void rows.owed.delete(key),
    fail: ({ key }, error) => {
      // Another machine may have brought it to its end.
      const owed = rows.owed.get(key)
      if (!owed) return
      const attempts = owed.attempts + 1
      const reason = error instanceof Error ? error.message : String(error)
      const after = { ...owed, attempts, reason, due: Math.ceil(now() + wait(attempts, random)), isDead: attempts >= MOST_ATTEMPTS }
      if (!after.isDead) owe(after)
      else {
        rows.owed.set(key, after)
        append(givenUp(event(after), after, now()))
      }
    },
    dead: () =>
      [...rows.owed.values()]
        .filter(({ isDead }) => isDead)
        .map((delivery) => ({
          event: event(delivery),
          listener: delivery.listener,
          attempts: delivery.attempts,
          reason: delivery.reason,
          since: event(delivery).at,
        })),
    replay: (id, listener) => {
      const owed = rows.owed.get(`${id}\u0000${listener}`)
      if (!owed?.isDead) return 'absent'
      owe({ ...owed, attempts: 0, due: now(), isDead: false, reason: '' })
      return 'done'
    },
    discard: (id, listener) => {
      const key = `${id}\u0000${listener}`
      if (!rows.owed.get(key)?.isDead) return 'absent'
      rows.owed.delete(key)
      return 'done'
    },
  }
}

/** The events' port over it, which delivers what is due when asked, and by itself once started. */
export const memoryEvents = (now: OutboxNow): Events & { wake(): void } => {
  let audience: readonly Listener[] = []
  let isRunning = false
  const underWay = new Map<string, Promise<void>>()
  const attempt = async (delivery: Delivery): Promise<void> => {
    try {
      const listener = audience.find(({ name }) => name === delivery.listener)
      if (!listener) throw new Error(`No listener is called ${delivery.listener}.`)
      await listener.hear(now.event(delivery))
      now.finish(delivery)
    } catch (error) {
      now.fail(delivery, error)
    } finally {
      underWay.delete(delivery.key)
      wake()
    }
  }
  const begin = (): number => {
    const fresh = now.due().filter(({ key }) => !underWay.has(key))
    for (const delivery of fresh) underWay.set(delivery.key, attempt(delivery))
    return fresh.length
  }
  const wake = (): void => {
    // After whatever has just committed has been answered.
    if (isRunning) queueMicrotask(() => isRunning && begin())
  }
  return {
    wake,
    listen: (listeners) => {
      audience = [...listeners]
      now.listen(audience)
    },
    start: () => {
      isRunning = true
      wake()
    },
    drain: async () => {
      let tried = 0
      for (;;) {
        tried += begin()
        if (underWay.size === 0) return tried
        await Promise.race(underWay.values())
      }
    },
    stop: async () => {
      isRunning = false
      await Promise.all(underWay.values())
    },
    deadLetters: async () => now.dead(),
    replay: async (event, listener) => {
      const outcome = now.replay(event, listener)
      wake()
      return outcome
    },
    discard: async (event, listener) => now.discard(event, listener),
    remembered: async () => ({ items: now.remembered() }),
    rewrite: async (told) => now.rewrite(told),
  }
}
