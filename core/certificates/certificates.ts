import type { certificates as contract } from '#contract/certificates.ts'
import type { Feature } from '#core/handlers.ts'

export const certificates: Feature<typeof contract> = { handlers: {}, hearings: [], timers: [] }
