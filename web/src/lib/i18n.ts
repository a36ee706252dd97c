import english from 'virtual:texts/visitors'
import { createI18n } from 'vue-i18n'
import { compileMessage } from './messages.ts'

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  // Other languages are whole for some parts only: what they lack is said in English, which is no mistake.
  missingWarn: false,
  fallbackWarn: false,
  messageCompiler: compileMessage,
  // vue-i18n's own type wants every message's shape spelled out; the files are plain text.
  messages: { en: english as unknown as Record<string, string> } as Record<string, Record<string, string>>,
})

/** For code outside components. */
export const text = (key: string, values: Record<string, unknown> = {}): string => i18n.global.t(key, values)
export const isText = (key: string): boolean => i18n.global.te(key) || i18n.global.te(key, 'en')
