import type { notes as contract } from '#contract/notes.ts'
import type { Feature } from '#core/handlers.ts'

export const notes: Feature<typeof contract> = { handlers: {}, hearings: [], timers: [] }
