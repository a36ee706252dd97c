import type { receipts as contract } from '#contract/receipts.ts'
import { type Feature, notYet } from '#core/handlers.ts'

export const receipts: Feature<typeof contract> = {
  handlers: {
    mine: notYet,
    receipt: notYet,
  },
  hearings: [],
  timers: [],
}
