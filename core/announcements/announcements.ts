import type { announcements as contract } from '#contract/announcements.ts'
import type { Feature } from '#core/handlers.ts'

export const announcements: Feature<typeof contract> = { handlers: {}, hearings: [], timers: [] }
