/** Languages the pages speak, each by its own name. English is whole, others are for visitors and learners; desks say the rest in English. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', es: 'Español' } as const

/** CLDR's name for English that runs from right to left: nobody is offered it, and a page can be looked at in it. */
export const MIRRORED = 'ar-XB'

export type Language = keyof typeof LANGUAGES | typeof MIRRORED

export const isLanguage = (code: string): code is Language => Object.hasOwn(LANGUAGES, code) || code === MIRRORED

export const directionOf = (language: Language): 'ltr' | 'rtl' => (language === MIRRORED ? 'rtl' : 'ltr')

/** The language chosen here, else the first of the browser's that there is, else English. */
export const languageFor = (chosen: string | undefined, preferred: readonly string[]): Language => {
  if (chosen !== undefined && isLanguage(chosen)) return chosen
  const known = preferred.map((tag) => tag.toLowerCase().split('-', 1)[0] ?? '').find((code) => Object.hasOwn(LANGUAGES, code))
  return known !== undefined && isLanguage(known) ? known : 'en'
}

/** Every word between marks that turn it round; what stands in braces, and the bar between forms, stay as they are. */
export const mirrored = (text: string): string =>
  text.replace(/(\{[^}]*\}|\||@)|[^\s{}|@]+/g, (word, kept: string | undefined) => (kept ? word : `\u202e${word}\u202c`))
