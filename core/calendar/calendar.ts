import type { calendar as contract } from '#contract/calendar.ts'
import type { Feature } from '#core/handlers.ts'

export const calendar: Feature<typeof contract> = { handlers: {}, hearings: [], timers: [] }
