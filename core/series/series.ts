import type { series as contract } from '#contract/series.ts'
import type { Feature } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'

const notYet = async (): Promise<never> => {
  throw new Refusal('not-set-up', 'This school has nobody who writes.')
}

export const series: Feature<typeof contract> = {
  handlers: {
    ...{ list: notYet, create: notYet, get: notYet, update: notYet, remove: notYet, pause: notYet, resume: notYet },
    ...{ start: notYet, runs: notYet, draft: notYet, retry: notYet, propose: notYet, discard: notYet },
  },
  hearings: [],
  timers: [],
}
