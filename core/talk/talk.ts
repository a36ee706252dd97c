import type { talk as contract } from '#contract/talk.ts'
import type { Feature } from '#core/handlers.ts'

export const talk: Feature<typeof contract> = { handlers: {}, hearings: [], timers: [] }
