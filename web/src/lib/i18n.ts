import { createI18n } from 'vue-i18n'

// `en.json` and, beside it, `en.<part>.json`: what stands before the first dot is the language.
const files = import.meta.glob<Record<string, unknown>>('../locales/*.json', { eager: true, import: 'default' })

const languageOf = (path: string): string => /([^/.]+)(?:\.[^/]*)?\.json$/.exec(path)?.[1] ?? 'en'

const messages: Record<string, Record<string, unknown>> = {}
for (const [path, texts] of Object.entries(files)) messages[languageOf(path)] = { ...messages[languageOf(path)], ...texts }

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  // The files are plain text; vue-i18n's own type wants every message's shape spelled out.
  messages: messages as Record<string, Record<string, string>>,
})

/** For code outside components. */
export const text = (key: string, values: Record<string, unknown> = {}): string => i18n.global.t(key, values)
export const isText = (key: string): boolean => i18n.global.te(key)
