import type { insights as contract } from '#contract/insights.ts'
import type { Feature } from '#core/handlers.ts'

export const insights: Feature<typeof contract> = { handlers: {}, hearings: [], timers: [] }
