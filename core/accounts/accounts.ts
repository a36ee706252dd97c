import type { accounts as contract } from '#contract/accounts.ts'
import type { Feature } from '#core/handlers.ts'
import { schoolFacts } from './facts.ts'

export const accounts: Feature<typeof contract> = {
  handlers: {
    me: async (_world, { id, email, name, roles }) => ({ id, email, name, roles }),
    school: schoolFacts,
  },
  hearings: [],
  timers: [],
}
