import type { operations as contract } from '#contract/operations.ts'
import { hearing } from '#core/events.ts'
import type { Feature } from '#core/handlers.ts'
import { missing } from '#core/refusal.ts'
import { SENDING, webhookHearings } from '#core/webhooks/hearings.ts'
import { giveUp } from '#core/webhooks/sending.ts'
import { attention, checks } from './checks.ts'
import { films } from './films.ts'
import { status } from './lateness.ts'
import { letterSweep, letters } from './letters.ts'
import { storage, weigh, weighings } from './storage.ts'

export const operations: Feature<typeof contract> = {
  handlers: {
    health: async ({ clock }) => ({ status: 'ok', at: clock.now().toISOString() }),
    deadLetters: async ({ events }) => {
      const letters = await events.deadLetters()
      return { letters: letters.map(({ event, ...rest }) => ({ event: event.id, name: event.name, payload: JSON.stringify(event.payload), ...rest })) }
    },
    replay: async ({ events }, _actor, { event, listener }) => {
      if ((await events.replay(event, listener)) === 'absent') throw missing('dead letter')
      return { done: true }
    },
    discard: async ({ events }, _actor, { event, listener }) => {
      if ((await events.discard(event, listener)) === 'absent') throw missing('dead letter')
      return { done: true }
    },
    status,
    attention,
    checks,
    films: (world, _actor, wanted) => films(world, wanted),
    storage,
    weigh,
    letters: (world, _actor, wanted) => letters(world, wanted),
  },
  hearings: [
    hearing('operations.alert-given-up', 'delivery.given-up', async (world, { event, name, listener, reason }, { id }) => {
      if (listener === SENDING) await giveUp(world, event)
      await world.alerts.tell({
        kind: 'deliveries',
        id,
        subject: `Given up after three days: ${listener}`,
        text:
          `“${name}” (${event}) could not be worked off by ${listener}, which has tried for about three days: ${reason}\n\n` +
          'Nothing else waits for it, and it is kept. Once the cause is mended an admin can have it tried again.',
      })
    }),
    ...webhookHearings,
    ...weighings.hearings,
  ],
  timers: [letterSweep, ...weighings.timers],
}
