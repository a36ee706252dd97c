import { useNow } from '@vueuse/core'
import { useI18n } from 'vue-i18n'
import { ago } from './ago.ts'

const EVERY_MS = 30_000

/** How long ago something was, which goes on while one reads; and when exactly. */
export const useMoment = () => {
  const { locale } = useI18n()
  const now = useNow({ interval: EVERY_MS })
  return {
    ago: (at: string): string => ago(at, now.value, locale.value),
    exact: (at: string): string => new Intl.DateTimeFormat(locale.value, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(at)),
  }
}
