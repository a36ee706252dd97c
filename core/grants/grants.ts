import type { grants as contract } from '#contract/grants.ts'
import type { Feature } from '#core/handlers.ts'
import { explain } from './explain.ts'
import { end, give } from './give.ts'

export const grants: Feature<typeof contract> = { handlers: { explain, give, end }, hearings: [], timers: [] }
