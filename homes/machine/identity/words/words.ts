import type { LetterLanguage } from '#contract/notifications.ts'
import { de } from './de.ts'
import { en, type Words } from './en.ts'
import { es } from './es.ts'

export const WORDS: Record<LetterLanguage, Words> = { en, de, es }
