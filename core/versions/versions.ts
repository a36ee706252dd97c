import type { versions as contract } from '#contract/versions.ts'
import type { Feature } from '#core/handlers.ts'

export const versions: Feature<typeof contract> = { handlers: {}, hearings: [], timers: [] }
