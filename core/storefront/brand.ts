import type { Accent } from '#contract/accent.ts'
import type { Brand, LegalPage } from '#contract/storefront.ts'
import type { World } from '#ports/world.ts'
import { brandRecords, legalListRecords } from './records.ts'

export const NO_BRAND: Brand = { name: '', tagline: '', footerText: '', footerLinks: [] }

/** The school as every page, letter and file of it names it. */
export type Shown = {
  url: string
  /** As its owner has set it on the page, else as it was opened. */
  schoolName: string
  tagline: string
  accent?: Accent | undefined
  logo?: string | undefined
  icon?: string | undefined
}

type Reading = Pick<World, 'tables' | 'settings'>

export const brandOf = async ({ tables }: Pick<World, 'tables'>): Promise<Brand> => (await brandRecords.get(tables, { id: 'brand' }))?.value ?? NO_BRAND

export const shownBy = ({ name, tagline, accent, logo, icon }: Brand, { settings }: Pick<World, 'settings'>): Shown => ({
  ...{ url: settings.url, schoolName: name || settings.schoolName },
  ...{ tagline, accent, logo, icon },
})

export const shownSchool = async (world: Reading): Promise<Shown> => shownBy(await brandOf(world), world)

export const schoolName = async (world: Reading): Promise<string> => (await shownSchool(world)).schoolName

export const legalPages = async ({ tables }: Pick<World, 'tables'>): Promise<LegalPage[]> =>
  (await legalListRecords.get(tables, { id: 'written' }))?.value.pages ?? []
