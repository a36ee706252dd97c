import { setTimeout as pause } from 'node:timers/promises'
import { reasonOf } from '#core/without-addresses.ts'
import type { Clock } from '#ports/clock.ts'
import type { Events, Listener } from '#ports/events.ts'
import type { Log } from '#ports/log.ts'
import type { Event } from '#ports/tables.ts'
import { during, requestNow } from '../during.ts'
import { AT_ONCE, backoffMs, givenUp, MOST_ATTEMPTS, REMEMBERED_MS } from '../retries.ts'
import { rootOf, spanned, spanOfEvent } from '../tracing.ts'
import { type Delivery, type OutboxRows, outboxRows, told } from './outbox.ts'
import type { Postponed, Telling } from './school-deeds.ts'
import type { SchoolFile } from './school-file.ts'
import { oneATurn } from './turns.ts'

/** What `tables` needs of the outbox: whom events are to be told, to be written with what they tell of. */
export type Outbox = { tellings(events: readonly Event[]): Telling[]; wake(told: readonly Telling[]): void }
/** `look`: another thread has written what is told here. */
type Dispatcher = Events & Outbox & { look(): void }

/** Who of this program's threads tells which listener, and how the others are told that there is something for theirs. */
export type Share = { tells(listener: string): boolean; wakeOthers(): void }
const WHOLE: Share = { tells: () => true, wakeOthers: () => {} }

/** The clock may be set: no timer waits longer than this before it looks again. */
const LONGEST_TIMER_MS = 60_000
const FORGET_EVERY = 1000

/** How long a delivery that could not be written down is left alone: a full disk must not make listeners run in a circle. */
const UNRECORDED_PAUSE_MS = 1000

type Options = { file: SchoolFile; clock: Clock; log: Log; random?: () => number; share?: Share }
type Attempt = (row: Delivery) => Promise<void>

type Attempting = {
  clock: Clock
  log: Log
  random: () => number
  listenerOf(name: string): Listener | undefined
  postpone(row: Delivery, after: Postponed): Promise<void>
  finish(row: Delivery): Promise<void>
}

const hearingOf = ({ event, name, listener, attempts, request }: Delivery): Parameters<typeof spanned>[0] => ({
  ...{ kind: 'consumer', ...(request === null ? { id: rootOf(event), parent: 'none' } : { parent: spanOfEvent(event) }) },
  describe: () => ({ name: `listen ${listener}`, attributes: { 'messaging.message.id': event, 'lectern.event': name, 'lectern.attempts': attempts } }),
})

/** Tells one listener once, and writes down how that went. */
const attempting = ({ clock, log, random, listenerOf, postpone, finish }: Attempting): Attempt => {
  return async (row) => {
    try {
      const listener = listenerOf(row.listener)
      if (!listener) throw new Error(`No listener is called ${row.listener}.`)
      // Without one of its own, what it brings about is found by the event it began with.
      await during(row.request ?? row.event, () => spanned(hearingOf(row), () => listener.hear(told(row))))
    } catch (error) {
      const attempts = row.attempts + 1
      const isDead = attempts >= MOST_ATTEMPTS
      const reason = reasonOf(error)
      // Before it is written down: a full disk would otherwise be all that is ever told of it.
      log.error(isDead ? 'delivery given up' : 'delivery failed', error, {
        event: row.event,
        name: row.name,
        listener: row.listener,
        attempts,
        request: row.request ?? row.event,
      })
      await postpone(row, { attempts, due: Math.ceil(clock.now().getTime() + backoffMs(attempts, random)), isDead, reason })
      return
    }
    await finish(row)
  }
}

type Deliveries = {
  /** Starts all that is due and finds room; answers how many. */
  begin(): number
  running(): Promise<void>[]
}

type Delivering = {
  rows: OutboxRows
  clock: Clock
  log: Log
  attempt: Attempt
  tells(listener: string): boolean
  atOnceOf(listener: string): number
  ended(): void
}

/** Who is being told what at this moment: of each listener a few at a time, and no delivery twice at once. */
const deliveries = ({ rows, clock, log, attempt, tells, atOnceOf, ended }: Delivering): Deliveries => {
  /** By listener, then by event. */
  const underWay = new Map<string, Map<string, Promise<void>>>()
  const inTurn = oneATurn()
  const run = (row: Delivery): void => {
    const runs = underWay.get(row.listener) ?? new Map<string, Promise<void>>()
    underWay.set(row.listener, runs)
    const over = new Promise<void>((begun) => inTurn(begun))
      .then(() => attempt(row))
      .catch(async (error: unknown) => {
        log.error('delivery not recorded', error, { event: row.event, listener: row.listener })
        await pause(UNRECORDED_PAUSE_MS)
      })
      .finally(() => {
        runs.delete(row.event)
        ended()
      })
    runs.set(row.event, over)
  }
  return {
    running: () => [...underWay.values()].flatMap((runs) => [...runs.values()]),
    begin() {
      const now = clock.now().getTime()
      let begun = 0
      for (const listener of rows.waiting()) {
        const active = underWay.get(listener)
        const room = atOnceOf(listener) - (active?.size ?? 0)
        if (room <= 0 || !tells(listener)) continue
        const fresh = rows.dueFor(listener, now, atOnceOf(listener)).filter(({ event }) => !active?.has(event))
        const chosen = fresh.slice(0, room)
        for (const row of chosen) run(row)
        begun += chosen.length
      }
      return begun
    },
  }
}

/** Looks for what is due when it is due, or at once when woken; several calls are one look. */
const watch = ({ rows, clock, log, begin }: { rows: OutboxRows; clock: Clock; log: Log; begin(): unknown }): { wake(): void; start(): void; stop(): void } => {
  let isRunning = false
  let timer: NodeJS.Timeout | undefined
  const look = (): void => {
    timer = undefined
    try {
      begin()
      const now = clock.now().getTime()
      timer ??= setTimeout(look, Math.min(LONGEST_TIMER_MS, (rows.nextDue(now) ?? Number.POSITIVE_INFINITY) - now))
    } catch (error) {
      log.error('outbox not read', error)
      timer ??= setTimeout(look, UNRECORDED_PAUSE_MS)
    }
  }
  const wake = (): void => {
    if (!isRunning) return
    clearTimeout(timer)
    timer = setTimeout(look, 0)
  }
  return {
    wake,
    start() {
      isRunning = true
      wake()
    },
    stop() {
      isRunning = false
      clearTimeout(timer)
    },
  }
}

/** Wakes whoever tells these listeners. */
const waking =
  ({ tells, wakeOthers }: Share, wakeHere: () => void) =>
  (listening: readonly string[]): void => {
    if (listening.some(tells)) wakeHere()
    if (!listening.every(tells)) wakeOthers()
  }

/** Takes away what everybody has heard long ago. Nobody waits for it but who ends the program. */
const forgetting = ({ file: { write }, clock, log }: Options): { forget(): void; forgotten(): Promise<void> } => {
  let last = Promise.resolve()
  const forget = (): void => {
    const before = new Date(clock.now().getTime() - REMEMBERED_MS).toISOString()
    last = write('forget', { before }).catch((error: unknown) => log.error('outbox not pruned', error))
  }
  return { forget, forgotten: () => last }
}

const remembering = (rows: OutboxRows, write: SchoolFile['write']): Pick<Events, 'remembered' | 'rewrite'> => ({
  remembered: async (page) => rows.remembered(page),
  rewrite: ({ event: { id, payload }, failures }) => write('rewrite', { event: id, payload: JSON.stringify(payload), failures }),
})

/**
 * The outbox and its dispatcher, in the school's own database. A delivery is a row that is removed when its listener has
 * finished, so what a crash interrupts is delivered again.
 */
export const events = ({ file, clock, log, random = Math.random, share = WHOLE }: Options): Dispatcher => {
  const { reader, write } = file
  let audience: readonly Listener[] = []
  const rows = outboxRows(reader)
  const { forget, forgotten } = forgetting({ file, clock, log })
  let tellingsMade = 0
  const tellings = (happened: readonly Event[]): Telling[] => {
    const due = clock.now().getTime()
    const before = tellingsMade
    tellingsMade += happened.length
    if (Math.floor(tellingsMade / FORGET_EVERY) > Math.floor(before / FORGET_EVERY)) forget()
    return happened.map(({ id, name, at, payload, request = requestNow() }) => ({
      ...{ id, name, at, payload: JSON.stringify(payload), request, due },
      listeners: audience.filter(({ hears }) => hears.includes(name)).map((listener) => listener.name),
    }))
  }
  const postpone = async ({ event, listener, name }: Delivery, after: Postponed): Promise<void> => {
    const news = tellings(after.isDead ? givenUp({ event, listener, name, reason: after.reason }, clock.now().getTime()) : [])
    await write('postpone', { event, listener, ...after, tellings: news })
    wake(news)
  }
  const finish = ({ event, listener }: Delivery): Promise<void> => write('finish', { event, listener })
  const listenerOf = (name: string): Listener | undefined => audience.find((listener) => listener.name === name)
  const attempt = attempting({ clock, log, random, listenerOf, postpone, finish })
  const atOnceOf = (name: string): number => listenerOf(name)?.atOnce ?? AT_ONCE
  const { begin, running } = deliveries({ rows, clock, log, attempt, tells: share.tells, atOnceOf, ended: () => watcher.wake() })
  const watcher = watch({ rows, clock, log, begin })
  const wakeFor = waking(share, () => watcher.wake())
  const wake = (told: readonly Telling[]): void => wakeFor(told.flatMap((each) => each.listeners))
  return {
    ...{ tellings, wake, look: watcher.wake, ...remembering(rows, write) },
    listen(listeners) {
      audience = [...listeners]
    },
    start() {
      forget()
      watcher.start()
    },
    async drain() {
      let tried = 0
      for (;;) {
        tried += begin()
        const runs = running()
        if (runs.length === 0) return tried
        await Promise.race(runs)
      }
    },
    async stop() {
      watcher.stop()
      await Promise.all([...running(), forgotten()])
    },
    deadLetters: async () => rows.dead(),
    async replay(eventId, listener) {
      const isThere = await write('revive', { event: eventId, listener, due: clock.now().getTime() })
      wakeFor([listener])
      return isThere ? 'done' : 'absent'
    },
    discard: async (event, listener) => ((await write('discard', { event, listener })) ? 'done' : 'absent'),
  }
}
