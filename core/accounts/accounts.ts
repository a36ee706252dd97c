import type { accounts as contract, School } from '#contract/accounts.ts'
import type { Feature } from '#core/handlers.ts'
import { brandOf, legalPages, shownSchool } from '#core/storefront/brand.ts'
import type { World } from '#ports/world.ts'
import { joiningHandlers } from './joining.ts'
import { ownHandlers } from './own.ts'

const publicFacts = async (world: World): Promise<School> => {
  const { settings, identity, payments } = world
  const [{ schoolName, tagline, accent, logo, icon }, { footerText, footerLinks }, legal] = await Promise.all([
    shownSchool(world),
    brandOf(world),
    legalPages(world),
  ])
  return {
    ...{ name: schoolName, currency: settings.currency, signIn: identity.settings, isDemo: !payments.isLive },
    ...{ tagline, accent, logo, icon, footer: { text: footerText, links: footerLinks, legal } },
  }
}

export const accounts: Feature<typeof contract> = {
  handlers: {
    me: async (_world, { id, email, name, roles }) => ({ id, email, name, roles }),
    school: publicFacts,
    ...ownHandlers,
    ...joiningHandlers,
  },
  hearings: [],
  timers: [],
}
