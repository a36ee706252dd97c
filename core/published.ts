import type { PublishedPage } from '#contract/published-page.ts'
import { schoolFacts } from '#core/accounts/facts.ts'
import { type About, pageWith, SHELL_KEY } from '#core/shell.ts'
import { shownSchool } from '#core/storefront/brand.ts'
import type { TextNaming } from '#ports/pages.ts'
import type { World } from '#ports/world.ts'

const HTML_TYPE = 'text/html; charset=utf-8'
export const JSON_TYPE = 'application/json; charset=utf-8'
export const SHORT = 'public, max-age=0, must-revalidate'

export const pageKey = (name: string): string => `catalogue/pages/${name}.html`

/** HTML of a Markdown text, where this home can tell; else the browser reads it. */
export const htmlOf = async ({ pages }: Pick<World, 'pages'>, text: string, naming: TextNaming): Promise<string | undefined> =>
  text.trim() === '' ? '' : pages?.read(text, naming)

const shellOf = async ({ objects }: Pick<World, 'objects'>): Promise<string | undefined> => {
  const shell = await objects.get(SHELL_KEY)
  return shell && new TextDecoder().decode(shell.bytes)
}

export type Shows = Omit<PublishedPage, 'path' | 'school'>

/**
 * A published page, as text: with its metadata, and showing what the app would show of it. What cannot be drawn is published all the same, with
 * what search engines and people without scripts need; the app draws it then.
 */
const drawnPage = async (world: World, shell: string, { about, shows }: { about: About; shows: Shows }): Promise<string> => {
  const school = await shownSchool(world)
  const page: PublishedPage = { path: about.path, school: await schoolFacts(world), ...shows }
  try {
    const drawn = await world.pages?.draw(page)
    return pageWith(shell, school, about, drawn && { html: drawn.html, page: { ...page, figures: drawn.figures } })
  } catch (error) {
    world.log.error('A page could not be drawn.', error, { path: about.path })
    return pageWith(shell, school, about)
  }
}

/** Writes a page where the edge looks for it, by its name; nothing before there is an app. */
export const writePage = async (world: World, { name, ...page }: { name: string; about: About; shows: Shows }): Promise<void> => {
  const shell = await shellOf(world)
  if (shell === undefined) return
  await world.objects.put(pageKey(name), await drawnPage(world, shell, page), { type: HTML_TYPE, cacheControl: SHORT })
}
