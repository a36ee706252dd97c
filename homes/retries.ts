import type { Event } from '#ports/tables.ts'

/** Deliveries under way to one listener at a time, where it does not say: a slow one holds nobody else up. */
export const AT_ONCE = 4

const BACKOFF_MS = { first: 500, most: 6 * 3600_000 }

/** With the back-off above, of which three quarters are waited on average, the last attempt comes after about three days. */
export const MOST_ATTEMPTS = 31

/** How long an event's id is remembered, so that the same one told again is told once. */
export const REMEMBERED_MS = 30 * 24 * 3600_000

/** How long a delivery rests after so many attempts. `random`: from 0 to 1. */
export const backoffMs = (attempts: number, random: () => number): number => {
  const full = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** (attempts - 1))
  return full / 2 + (full / 2) * random()
}

const GIVEN_UP = 'delivery.given-up'

type GivenUp = { event: string; name: string; listener: string; reason: string }

/** That somebody has to look. Told of no delivery that was to tell this: it would go round in a circle. */
export const givenUp = ({ event, name, listener, reason }: GivenUp, now: number): Event[] =>
  name === GIVEN_UP
    ? []
    : [{ id: `${event}.${listener}.${now}.given-up`, name: GIVEN_UP, at: new Date(now).toISOString(), payload: { event, name, listener, reason } }]
