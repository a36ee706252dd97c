import type { Event, Page } from './tables.ts'

/**
 * One interested party. It is called at least once for every event it names, in no promised order, and may be called
 * again after it has finished: it must be idempotent by `event.id`. Throwing means "try again later".
 */
export type Listener = {
  name: string
  hears: readonly string[]
  hear(event: Event): Promise<void>
  /** How many of its events it bears at the same time; a few, where it does not say. */
  atOnce?: number
}

export type DeadLetter = { event: Event; listener: string; attempts: number; reason: string; since: string }

/** An event that is still kept, and why deliveries of it have failed, as far as a home keeps that: of those that were given up it does. */
export type Remembered = { event: Event; failures: { listener: string; reason: string }[] }

/**
 * The outbox reaches every listener at least once: each listener has a delivery record of its own for each event. One that is
 * given up is told of as `delivery.given-up`, with the event's id and name, the listener and the reason.
 */
export type Events = {
  /** Replaces the set of listeners. Events committed before a listener existed are not delivered to it. */
  listen(listeners: readonly Listener[]): void
  /** Begins delivering, and takes up what was left undone. */
  start(): void
  /** Delivers all that is due now, waiting for the listeners; answers how many deliveries were tried. For tests and shut-down. */
  drain(): Promise<number>
  /** Lets running listeners finish and delivers no more. */
  stop(): Promise<void>
  /** Deliveries that failed too often, oldest first, at most 100. */
  deadLetters(): Promise<DeadLetter[]>
  /** Puts one dead delivery back in line, from the first attempt. */
  replay(eventId: string, listener: string): Promise<'done' | 'absent'>
  /** Gives one dead delivery up for good. */
  discard(eventId: string, listener: string): Promise<'done' | 'absent'>
  /**
   * Every event that is kept, told already or not, a page at a time: what is there from the first page to the last is among them. A page may be
   * empty and still be followed by others. It reads everything there is, as `every` of the tables does.
   */
  remembered(page?: string): Promise<Page<Remembered>>
  /**
   * Writes anew what an event says and why deliveries of it failed. It stays the same event, which nobody hears of once more; whoever is still to
   * hear of it hears what it says now. What is not kept any more stays so.
   */
  rewrite(told: Remembered): Promise<void>
}
