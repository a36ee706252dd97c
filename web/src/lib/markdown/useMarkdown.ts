import { computed, type MaybeRefOrGetter, shallowRef, toValue, useId, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { pictureAt } from './addresses.ts'
import { cleaned } from './clean.ts'
import { htmlOf } from './reader.ts'
import type { Reading, Words } from './reading.ts'

type Extras = Pick<Reading, 'highlight' | 'typeset'>

const useWords = (): Words => {
  const { t } = useI18n()
  return {
    callout: (kind) => t(`markdown.callout.${kind}`),
    done: t('markdown.done'),
    open: t('markdown.open'),
    footnotes: t('markdown.footnotes'),
    footnote: (number) => t('markdown.footnote', { number }),
    backToText: t('markdown.backToText'),
    playFrom: (host) => t('markdown.playFrom', { host }),
    privacy: (host) => t('markdown.privacy', { host }),
  }
}

/** What a text needs that the page has not fetched: most need neither. */
const extrasFor = async (languages: readonly string[], hasFormulas: boolean): Promise<Extras> => {
  const [highlight, typeset] = await Promise.all([
    languages.length > 0 ? import('./highlight.ts').then(({ highlightFor }) => highlightFor(languages)) : undefined,
    hasFormulas ? import('./typeset.ts').then((maths) => maths.typeset) : undefined,
  ])
  return { highlight, typeset }
}

/**
 * HTML of a text, clean; code and formulas come plain at first and are dressed as soon as what dresses them is there. `isWhole` says that the
 * text is the page's own: its headings then have addresses that can be passed on.
 */
export const useMarkdown = (source: MaybeRefOrGetter<string>, isWhole: () => boolean) => {
  const words = useWords()
  const own = useId()
  const dressed = shallowRef<{ source: string; html: string }>()
  const prefix = computed(() => (isWhole() ? 'text-' : `text-${own}-`))

  const read = (text: string, extras: Extras) => {
    const found: { languages: string[]; hasFormulas: boolean } = { languages: [], hasFormulas: false }
    const reading: Reading = {
      prefix: prefix.value,
      words,
      pictureAt,
      highlight: (code, language) => {
        if (language !== '') found.languages.push(language)
        return extras.highlight?.(code, language)
      },
      typeset: (formula, isBlock) => {
        found.hasFormulas = true
        return extras.typeset?.(formula, isBlock)
      },
    }
    return { html: cleaned(htmlOf(text, reading)), found }
  }

  const plain = computed(() => read(toValue(source), {}))
  watch(
    plain,
    async ({ found: { languages, hasFormulas } }, _before, onCleanup) => {
      if (languages.length === 0 && !hasFormulas) return
      let isOver = false
      onCleanup(() => {
        isOver = true
      })
      const text = toValue(source)
      // A package that could not be fetched leaves the text as it is: plain, and whole.
      const extras = await extrasFor(languages, hasFormulas).catch(() => undefined)
      if (extras && !isOver) dressed.value = { source: text, html: read(text, extras).html }
    },
    { immediate: true },
  )
  return computed(() => (dressed.value?.source === toValue(source) ? dressed.value.html : plain.value.html))
}
