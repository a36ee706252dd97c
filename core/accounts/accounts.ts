import type { accounts as contract, School } from '#contract/accounts.ts'
import type { Feature } from '#core/handlers.ts'
import { helpsAnywhere } from '#core/helpers/records.ts'
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
    me: async ({ tables }, { id, email, name, roles }) => ({ id, email, name, roles, helps: await helpsAnywhere(tables, id) }),
    school: publicFacts,
    ...ownHandlers,
    ...joiningHandlers,
  },
  hearings: [],
  timers: [],
}
