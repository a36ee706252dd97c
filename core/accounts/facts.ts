import type { School } from '#contract/accounts.ts'
import { brandOf, legalPages, shownSchool } from '#core/storefront/brand.ts'
import type { World } from '#ports/world.ts'

/** The school's public facts: what every page needs before anybody has signed in. */
export const schoolFacts = async (world: World): Promise<School> => {
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
