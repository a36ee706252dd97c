import { es } from '@nuxt/ui/locale'
import { merged } from '../lib/merged.ts'

/** All of Spanish, a chunk of its own. */
export const texts = merged(import.meta.glob(['../locales/es.json', '../locales/es.*.json'], { eager: true, import: 'default' }))
export const components = es
