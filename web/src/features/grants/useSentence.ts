import { type ComputedRef, computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Explanation } from '#contract/grants.ts'
import { dayText } from './moments.ts'
import { reasonOf, tenseOf } from './sentence.ts'

/** A verdict in one sentence. `at`: the moment asked for; undefined is now. */
export const useSentence = (of: () => { explanation: Explanation; at: string | undefined; nowMs: number }): ComputedRef<string> => {
  const { t, locale } = useI18n()
  return computed(() => {
    const { explanation, at, nowMs } = of()
    const tense = tenseOf(at, nowMs)
    const { key, date, until, by = t('access.school') } = reasonOf(explanation, tense, nowMs)
    const day = (moment: string | undefined): string => (moment === undefined ? '' : dayText(moment, locale.value))
    const lead = t(`access.says.${explanation.isOpen ? 'open' : 'closed'}.${tense}`, { name: explanation.person.name })
    return t('access.sentence', { lead, reason: t(`access.because.${key}`, { by, date: day(date), until: day(until) }) })
  })
}
