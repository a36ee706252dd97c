import type { accounts as contract } from '#contract/accounts.ts'
import type { Feature } from '#core/handlers.ts'
import { schoolFacts } from './facts.ts'
import { joiningHandlers } from './joining.ts'
import { ownHandlers } from './own.ts'

export const accounts: Feature<typeof contract> = {
  handlers: {
    me: async (_world, { id, email, name, roles }) => ({ id, email, name, roles }),
    school: schoolFacts,
    ...ownHandlers,
    ...joiningHandlers,
  },
  hearings: [],
  timers: [],
}
