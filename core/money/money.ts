import type { money as contract } from '#contract/money.ts'
import { type Feature, notYet } from '#core/handlers.ts'

export const money: Feature<typeof contract> = {
  handlers: {
    orders: notYet,
    order: notYet,
    memberships: notYet,
    revenue: notYet,
    inbox: notYet,
    news: notYet,
    replayNews: notYet,
    report: notYet,
    check: notYet,
    repair: notYet,
    table: notYet,
  },
  hearings: [],
  timers: [],
}
