import type { operations as contract } from '#contract/operations.ts'
import type { Feature } from '#core/handlers.ts'
import { missing } from '#core/refusal.ts'

export const operations: Feature<typeof contract> = {
  handlers: {
    health: async ({ clock }) => ({ status: 'ok', at: clock.now().toISOString() }),
    deadLetters: async ({ events }) => {
      const letters = await events.deadLetters()
      return { letters: letters.map(({ event, ...rest }) => ({ event: event.id, name: event.name, ...rest })) }
    },
    replay: async ({ events }, _actor, { event, listener }) => {
      if ((await events.replay(event, listener)) === 'absent') throw missing('dead letter')
      return { done: true }
    },
  },
  hearings: [],
  timers: [],
}
