import type { refunds as contract } from '#contract/refunds.ts'
import { type Feature, notYet } from '#core/handlers.ts'

export const refunds: Feature<typeof contract> = {
  handlers: {
    preview: notYet,
    make: notYet,
    policy: notYet,
    putPolicy: notYet,
  },
  hearings: [],
  timers: [],
}
