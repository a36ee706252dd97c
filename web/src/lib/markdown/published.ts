import { text as say } from '../i18n.ts'
import { cleanedForPublishing } from './clean-published.ts'
import { extrasFor, readText, wordsIn } from './read-text.ts'

/** What stands before the ids of a text: one that is the page's own has headings that can be linked to. */
export type Naming = { isWhole: true } | { isWhole: false; name: string }

/** HTML of a text, dressed and clean, for a page that is published. */
export const htmlOfText = async (text: string, naming: Naming): Promise<string> => {
  const given = { prefix: naming.isWhole ? 'text-' : `text-${naming.name}-`, words: wordsIn(say), clean: cleanedForPublishing }
  const { html, found } = readText(text, given, {})
  if (found.languages.length === 0 && !found.hasFormulas) return html
  return readText(text, given, await extrasFor(found)).html
}
