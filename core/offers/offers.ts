import type { offers as contract } from '#contract/offers.ts'
import { type Feature, notYet } from '#core/handlers.ts'

export const offers: Feature<typeof contract> = {
  handlers: {
    list: notYet,
    create: notYet,
    change: notYet,
    coupons: notYet,
    createCoupon: notYet,
    stopCoupon: notYet,
  },
  hearings: [],
  timers: [],
}
