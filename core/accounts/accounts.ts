import type { accounts as contract } from '#contract/accounts.ts'
import type { Feature } from '#core/handlers.ts'

export const accounts: Feature<typeof contract> = {
  handlers: {
    me: async (_world, { id, email, name, roles }) => ({ id, email, name, roles }),
    school: async ({ settings, identity, payments }) => ({
      name: settings.schoolName,
      currency: settings.currency,
      signIn: identity.settings,
      isDemo: !payments.isLive,
    }),
  },
  hearings: [],
  timers: [],
}
