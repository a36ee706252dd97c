import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { Pages } from '#ports/pages.ts'

/**
 * The part of the web app that draws its pages outside a browser, which the build leaves beside it: `file` is its entry. It is read when
 * something is first published. Undefined where it has not been built: pages then show themselves in the browser alone.
 */
export const pagesBy = (file: string): Pages | undefined => {
  if (!existsSync(file)) return undefined
  let reading: Promise<Pages> | undefined
  const built = (): Promise<Pages> => {
    // What web/src/draw.ts exports.
    reading ??= (import(pathToFileURL(file).href) as Promise<Pages>).catch((error: unknown) => {
      reading = undefined
      throw error
    })
    return reading
  }
  return { draw: async (page) => (await built()).draw(page), read: async (text, naming) => (await built()).read(text, naming) }
}
