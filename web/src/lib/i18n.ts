import { createI18n } from 'vue-i18n'
import { merged } from './merged.ts'

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  // Other languages are whole for some parts only: what they lack is said in English, which is no mistake.
  missingWarn: false,
  fallbackWarn: false,
  messages: { en: merged(import.meta.glob(['../locales/en.json', '../locales/en.*.json'], { eager: true, import: 'default' })) } as Record<
    string,
    // vue-i18n's own type wants every message's shape spelled out; the files are plain text.
    Record<string, string>
  >,
})

/** For code outside components. */
export const text = (key: string, values: Record<string, unknown> = {}): string => i18n.global.t(key, values)
export const isText = (key: string): boolean => i18n.global.te(key) || i18n.global.te(key, 'en')
