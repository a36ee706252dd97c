import type { notifications as contract } from '#contract/notifications.ts'
import type { Feature } from '#core/handlers.ts'

export const notifications: Feature<typeof contract> = { handlers: {}, hearings: [], timers: [] }
