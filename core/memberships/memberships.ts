import type { memberships as contract } from '#contract/memberships.ts'
import { type Feature, notYet } from '#core/handlers.ts'

export const memberships: Feature<typeof contract> = {
  handlers: {
    mine: notYet,
    cancel: notYet,
    resume: notYet,
    previewChange: notYet,
    change: notYet,
    portal: notYet,
  },
  hearings: [],
  timers: [],
}
