import type { reviews as contract } from '#contract/reviews.ts'
import type { Feature } from '#core/handlers.ts'

export const reviews: Feature<typeof contract> = { handlers: {}, hearings: [], timers: [] }
