import type { money as contract } from '#contract/money.ts'
import type { Feature } from '#core/handlers.ts'
import { beginComparing, comparing } from './compare.ts'
import { report } from './findings.ts'
import { members } from './members.ts'
import { inbox, piece, replayNews, retryParked, retryReceived } from './news.ts'
import { overview } from './overview.ts'
import { repair } from './repair.ts'
import { revenue } from './revenue.ts'
import { order, orders } from './sold.ts'
import { table } from './table.ts'
import { readDisputes, worryHearings } from './worries.ts'

export const money: Feature<typeof contract> = {
  handlers: {
    overview: (world) => overview(world),
    orders: (world, _actor, input) => orders(world, input),
    order: (world, _actor, input) => order(world, input.order),
    memberships: (world, _actor, { page }) => members(world, page),
    revenue: (world, _actor, { months }) => revenue(world, months),
    inbox: (world, _actor, { state, page }) => inbox(world, state, page),
    news: (world, _actor, { news }) => piece(world, news),
    replayNews: (world, _actor, { news }) => replayNews(world, news),
    report: ({ tables }) => report(tables),
    check: async (world) => {
      await beginComparing(world)
      return report(world.tables)
    },
    repair: (world, actor, { finding }) => repair(world, actor, finding),
    table: (world, _actor, input) => table(world, input),
  },
  hearings: [...comparing.hearings, ...worryHearings],
  timers: [...comparing.timers, retryParked, retryReceived, readDisputes],
}
