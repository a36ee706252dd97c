import { pictureAt } from './addresses.ts'
import { htmlOf } from './reader.ts'
import type { Reading, Words } from './reading.ts'

type Extras = Pick<Reading, 'highlight' | 'typeset'>

/** What a text needs that only some do. */
export type Found = { languages: readonly string[]; hasFormulas: boolean }

/** The reader's own words, by whoever has the texts of the pages. */
export const wordsIn = (t: (key: string, values?: Record<string, unknown>) => string): Words => ({
  callout: (kind) => t(`markdown.callout.${kind}`),
  done: t('markdown.done'),
  open: t('markdown.open'),
  footnotes: t('markdown.footnotes'),
  footnote: (number) => t('markdown.footnote', { number }),
  backToText: t('markdown.backToText'),
  playFrom: (host) => t('markdown.playFrom', { host }),
  privacy: (host) => t('markdown.privacy', { host }),
})

/** What a text needs that has not been fetched: most need neither. */
export const extrasFor = async ({ languages, hasFormulas }: Found): Promise<Extras> => {
  const [highlight, typeset] = await Promise.all([
    languages.length > 0 ? import('./highlight.ts').then(({ highlightFor }) => highlightFor(languages)) : undefined,
    hasFormulas ? import('./typeset.ts').then((maths) => maths.typeset) : undefined,
  ])
  return { highlight, typeset }
}

/** HTML of a text, and what else it needs to be shown well. */
export const readText = (
  text: string,
  { prefix, words, clean }: { prefix: string; words: Words; clean: (html: string) => string },
  extras: Extras,
): { html: string; found: Found } => {
  const languages: string[] = []
  let hasFormulas = false
  const reading: Reading = {
    prefix,
    words,
    pictureAt,
    highlight: (code, language) => {
      if (language !== '') languages.push(language)
      return extras.highlight?.(code, language)
    },
    typeset: (formula, isBlock) => {
      hasFormulas = true
      return extras.typeset?.(formula, isBlock)
    },
  }
  const html = clean(htmlOf(text, reading))
  return { html, found: { languages, hasFormulas } }
}
