import { de } from '@nuxt/ui/locale'
import { merged } from '../lib/merged.ts'

/** All of German, a chunk of its own. */
export const texts = merged(import.meta.glob(['../locales/de.json', '../locales/de.*.json'], { eager: true, import: 'default' }))
export const components = de
