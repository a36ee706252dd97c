import type { accounts as contract } from '#contract/accounts.ts'
import type { Feature } from '#core/handlers.ts'
import { helpsAnywhere } from '#core/helpers/records.ts'
import { schoolFacts } from './facts.ts'
import { joiningHandlers } from './joining.ts'
import { ownHandlers } from './own.ts'

export const accounts: Feature<typeof contract> = {
  handlers: {
    me: async ({ tables }, { id, email, name, roles }) => ({ id, email, name, roles, helps: await helpsAnywhere(tables, id) }),
    school: schoolFacts,
    ...ownHandlers,
    ...joiningHandlers,
  },
  hearings: [],
  timers: [],
}
