import type { Money } from '#contract/base.ts'
import { inWords } from '#contract/currency.ts'
import type { LetterLanguage } from '#contract/notifications.ts'

const TAGS: Record<LetterLanguage, string> = { en: 'en-GB', de: 'de-DE', es: 'es-ES' }
const POINTS: Record<LetterLanguage, string> = { en: '.', de: ',', es: ',' }

/** Moments (ISO 8601) and money as a language writes them. Days are those of UTC. */
export type Formats = {
  /** `3 November 2026`. */
  day(at: string): string
  /** `Tuesday, 3 November 2026`. */
  weekday(at: string): string
  /** `3 November 2026 at 10:00 (UTC)`. */
  moment(at: string): string
  /** `19.99 EUR`. */
  money(money: Money): string
}

export const formatsIn = (language: LetterLanguage): Formats => {
  const shown = (at: string, style: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(TAGS[language], { ...style, timeZone: 'UTC' }).format(new Date(at))
  return {
    day: (at) => shown(at, { dateStyle: 'long' }),
    weekday: (at) => shown(at, { dateStyle: 'full' }),
    moment: (at) => `${shown(at, { dateStyle: 'long', timeStyle: 'short' })} (UTC)`,
    money: (money) => inWords(money).replace('.', POINTS[language]),
  }
}
