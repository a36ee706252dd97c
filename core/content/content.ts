import type { content as contract } from '#contract/content.ts'
import type { Feature } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'

const notYet = async (): Promise<never> => {
  throw new Refusal('not-set-up', 'This school keeps no courses in Git.')
}

export const content: Feature<typeof contract> = { handlers: { state: notYet, look: notYet, release: notYet }, hearings: [], timers: [] }
