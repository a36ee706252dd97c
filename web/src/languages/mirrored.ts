import { en } from '@nuxt/ui/locale'
import { mirrored } from '../lib/languages.ts'
import { merged, type Texts } from '../lib/merged.ts'

const turned = (texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, typeof text === 'string' ? mirrored(text) : turned(text)]))

/** English from right to left, to look at pages with: what does not turn round stands out. */
export const texts = turned(merged(import.meta.glob(['../locales/en.json', '../locales/en.*.json'], { eager: true, import: 'default' })))
export const components: typeof en = { ...en, code: 'ar', dir: 'rtl' }
