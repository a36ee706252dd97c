import { type calendar as contract, MOST_CALENDAR_DAYS } from '#contract/calendar.ts'
import type { Feature } from '#core/handlers.ts'
import { DAY_MS, isBefore } from '#core/moments.ts'
import { Refusal } from '#core/refusal.ts'
import { entriesOf } from './entries.ts'
import { makeFeed, myFeed, readFeed, removeFeed } from './feed.ts'
import { session, setSession } from './session.ts'

export const calendar: Feature<typeof contract> = {
  handlers: {
    setSession,
    session,
    mine: async (world, actor, { from, to }) => {
      if (Date.parse(to) - Date.parse(from) > MOST_CALENDAR_DAYS * DAY_MS)
        throw new Refusal('bad-input', `A calendar is read for at most ${MOST_CALENDAR_DAYS} days.`)
      const entries = await entriesOf(world, actor)
      return { entries: entries.filter(({ at }) => !isBefore(at, from) && isBefore(at, to)) }
    },
    feed: myFeed,
    makeFeed,
    removeFeed,
    read: (world, _actor, { token }) => readFeed(world, token),
  },
  hearings: [],
  timers: [],
}
