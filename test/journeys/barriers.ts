import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { eventually } from './program.ts'

/** What a theme alone can do to people. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block']

/** axe is half a megabyte of script: a page that holds it already, as one of the app does from route to route, is not given it again. */
const axeIn = async (page: Page): Promise<AxeBuilder> => {
  const isThere = await page.evaluate<boolean>(`typeof axe !== 'undefined'`)
  return new AxeBuilder(isThere ? { page, axeSource: 'undefined' } : { page })
}

/** Waits until an expression holds in the page. Playwright's own waiting evaluates it within the page, whose policy forbids that from the second time on. */
export const untilHolds = (page: Page, what: string, expression: string): Promise<true> =>
  // A page that is being left has nothing to be asked.
  eventually(what, async () => ((await page.evaluate<boolean>(expression).catch(() => false)) ? true : undefined))

/** A published page shows itself before the app has come; what is asked of the app waits for it. Pages that are none of the app's have none to wait for. */
export const untilTaken = (page: Page): Promise<true> =>
  untilHolds(page, 'the app to take up its page', `document.querySelector('#app') === null || document.querySelector('#app').__vue_app__ !== undefined`)

/** What keeps people from using a page as it stands: what axe finds, and scrolling sideways. Empty when nothing does. */
export const barriers = async (page: Page, { only = 'everything' }: { only?: 'everything' | 'colours' } = {}): Promise<string[]> => {
  await untilTaken(page)
  // Within the page itself: our pages have no frames of others. Of rules that hold axe need not describe each element.
  const axe = (await axeIn(page)).options({ resultTypes: ['violations'] }).setLegacyMode()
  const { violations } = await (only === 'colours' ? axe.withRules(OF_COLOUR) : axe).analyze()
  const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  return [
    ...violations.map(
      ({ id, nodes }) => `${page.url()} ${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 160)} (${any[0]?.message ?? ''})`).join(' | ')}`,
    ),
    ...(Number(wide) > 0 ? [`${page.url()} scrolls sideways`] : []),
  ]
}

/**
 * The same on a desk in light, and on a phone in the dark, where things break first; the desk is there again afterwards. The page has to stand: what
 * is looked at too early says nothing. `name`: of pictures, where LECTERN_SHOTS names a folder for them.
 */
export const looked = async (page: Page, name?: string): Promise<string[]> => {
  const shots = process.env['LECTERN_SHOTS']
  const shoot = async (as: string): Promise<void> => {
    if (shots && name !== undefined) await page.screenshot({ path: join(shots, `${name}-${as}.png`), fullPage: true })
  }
  // By name of element: beside an open dialog the page's own heading has no role.
  await page.locator('h1').first().waitFor({ state: 'attached' })
  await shoot('1440-light')
  const found = await barriers(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 360, height: 780 })
  found.push(...(await barriers(page)))
  await shoot('360-dark')
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
  return found
}
