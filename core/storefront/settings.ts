import { LEGAL_PAGES } from '#contract/legal-pages.ts'
import type { Brand, Home, LegalPage, LegalText, Settings } from '#contract/storefront.ts'
import { USUAL_HOME } from '#contract/usual.ts'
import { event } from '#core/events.ts'
import type { Stored } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { NO_BRAND } from './brand.ts'
import { brandRecords, homeRecords, legalListRecords, legalRecords } from './records.ts'

export const settingsNow = async ({ tables, settings }: World): Promise<Settings> => {
  const [brand, home] = await Promise.all([brandRecords.get(tables, { id: 'brand' }), homeRecords.get(tables, { id: 'home' })])
  return {
    brand: { version: brand?.version ?? 0, value: brand?.value ?? NO_BRAND },
    home: { version: home?.version ?? 0, value: home?.value ?? USUAL_HOME },
    openedAs: settings.schoolName,
  }
}

const conflict = (): Refusal => new Refusal('conflict', 'Somebody changed this meanwhile.')

type Kept<T> = { add(value: T): Change; replace(before: Stored<T>, value: T): Change }

/** What was seen is what is replaced: whoever has not seen another's change does not undo it. */
const instead = <T>(kept: Kept<T>, before: Stored<T> | undefined, { version, value }: { version: number; value: T }): Change => {
  if ((before?.version ?? 0) !== version) throw conflict()
  return before ? kept.replace(before, value) : kept.add(value)
}

const commit = async (world: World, changes: Change[], what: 'brand' | 'home' | 'legal'): Promise<void> => {
  if ((await world.tables.commit(changes, [event(world, 'school.changed', { what })])) === 'conflict') throw conflict()
}

export const putBrand = async (world: World, { version, value }: { version: number; value: Brand }): Promise<Settings> => {
  const before = await brandRecords.get(world.tables, { id: 'brand' })
  const brand = { ...value, name: value.name.trim(), tagline: value.tagline.trim() }
  await commit(world, [instead(brandRecords, before, { version, value: { id: 'brand', ...brand } })], 'brand')
  return settingsNow(world)
}

export const putHome = async (world: World, { version, value }: { version: number; value: Home }): Promise<Settings> => {
  const ids = value.sections.map(({ id }) => id)
  if (new Set(ids).size !== ids.length) throw new Refusal('bad-input', 'Two sections have the same id.')
  const before = await homeRecords.get(world.tables, { id: 'home' })
  await commit(world, [instead(homeRecords, before, { version, value: { id: 'home', ...value } })], 'home')
  return settingsNow(world)
}

export const legalText = async ({ tables }: World, page: LegalPage): Promise<LegalText> => {
  const stored = await legalRecords.get(tables, { page })
  return { page, text: stored?.value.text ?? '', version: stored?.version ?? 0, ...(stored && { changedAt: stored.value.changedAt }) }
}

/** The page's text and the list of pages that have one, in one commit: a footer never leads to an empty page. */
export const putLegal = async (world: World, { page, version, text }: { page: LegalPage; version: number; text: string }): Promise<LegalText> => {
  const { tables, clock } = world
  const [before, list] = await Promise.all([legalRecords.get(tables, { page }), legalListRecords.get(tables, { id: 'written' })])
  const written = new Set(list?.value.pages)
  if (text.trim() === '') written.delete(page)
  else written.add(page)
  const pages = LEGAL_PAGES.filter((each) => written.has(each))
  const changes = [
    instead(legalRecords, before, { version, value: { page, text, changedAt: clock.now().toISOString() } }),
    list ? legalListRecords.replace(list, { id: 'written', pages }) : legalListRecords.add({ id: 'written', pages }),
  ]
  await commit(world, changes, 'legal')
  return legalText(world, page)
}
