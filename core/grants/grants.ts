import type { grants as contract } from '#contract/grants.ts'
import type { Feature } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'

const soon = (): never => {
  throw new Refusal('not-set-up', 'Not built yet.')
}

export const grants: Feature<typeof contract> = { handlers: { explain: soon, give: soon, end: soon }, hearings: [], timers: [] }
