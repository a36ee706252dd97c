import type { assignments as contract } from '#contract/assignments.ts'
import type { Feature } from '#core/handlers.ts'

export const assignments: Feature<typeof contract> = { handlers: {}, hearings: [], timers: [] }
