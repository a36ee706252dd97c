import type { School } from '#contract/accounts.ts'
import { brandOf, legalPages, shownBy } from '#core/storefront/brand.ts'
import type { World } from '#ports/world.ts'

/** The school's public facts: what every page needs before anybody has signed in. */
export const schoolFacts = async (world: World): Promise<School> => {
  const { settings, identity, payments } = world
  const [brand, legal] = await Promise.all([brandOf(world), legalPages(world)])
  const { schoolName, tagline, accent, logo, icon } = shownBy(brand, world)
  const { footerText, footerLinks } = brand
  return {
    ...{ name: schoolName, currency: settings.currency, signIn: identity.settings, isDemo: !payments.isLive },
    ...{ tagline, accent, logo, icon, footer: { text: footerText, links: footerLinks, legal } },
  }
}
