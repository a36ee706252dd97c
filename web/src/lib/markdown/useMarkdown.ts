import { computed, type MaybeRefOrGetter, shallowRef, toValue, useId, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { cleaned } from './clean.ts'
import { extrasFor, readText, wordsIn } from './read-text.ts'

/**
 * HTML of a text, clean; code and formulas come plain at first and are dressed as soon as what dresses them is there. `isWhole` says that the
 * text is the page's own: its headings then have addresses that can be passed on.
 */
export const useMarkdown = (source: MaybeRefOrGetter<string>, isWhole: () => boolean) => {
  const { t } = useI18n()
  const own = useId()
  const dressed = shallowRef<{ source: string; html: string }>()
  // The language may change while the text stands.
  const given = () => ({ prefix: isWhole() ? 'text-' : `text-${own}-`, words: wordsIn((key, values = {}) => t(key, values)), clean: cleaned })

  const plain = computed(() => readText(toValue(source), given(), {}))
  watch(
    plain,
    async ({ found }, _before, onCleanup) => {
      if (found.languages.length === 0 && !found.hasFormulas) return
      let isOver = false
      onCleanup(() => {
        isOver = true
      })
      const text = toValue(source)
      // A package that could not be fetched leaves the text as it is: plain, and whole.
      const extras = await extrasFor(found).catch(() => undefined)
      if (extras && !isOver) dressed.value = { source: text, html: readText(text, given(), extras).html }
    },
    { immediate: true },
  )
  return computed(() => (dressed.value?.source === toValue(source) ? dressed.value.html : plain.value.html))
}
