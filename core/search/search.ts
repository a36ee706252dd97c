import type { search as contract } from '#contract/search.ts'
import type { Feature } from '#core/handlers.ts'

export const search: Feature<typeof contract> = { handlers: {}, hearings: [], timers: [] }
