import type { search as contract } from '#contract/search.ts'
import type { Feature } from '#core/handlers.ts'
import { find } from './finding.ts'
import { indexing } from './indexing.ts'

export const search: Feature<typeof contract> = { handlers: { find }, hearings: indexing, timers: [] }
