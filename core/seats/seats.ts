import type { seats as contract } from '#contract/seats.ts'
import { type Feature, notYet } from '#core/handlers.ts'

export const seats: Feature<typeof contract> = {
  handlers: {
    invitation: notYet,
    accept: notYet,
    ofOrder: notYet,
    renew: notYet,
    free: notYet,
    remind: notYet,
  },
  hearings: [],
  timers: [],
}
