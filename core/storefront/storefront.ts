import type { storefront as contract } from '#contract/storefront.ts'
import type { Feature } from '#core/handlers.ts'

export const storefront: Feature<typeof contract> = { handlers: {}, hearings: [], timers: [] }
