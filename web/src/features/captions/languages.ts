/** Those most often taught in; a file may name any other. */
const LANGUAGES = [
  'ar',
  'bg',
  'cs',
  'da',
  'de',
  'el',
  'en',
  'es',
  'et',
  'fa',
  'fi',
  'fr',
  'he',
  'hi',
  'hr',
  'hu',
  'id',
  'it',
  'ja',
  'ko',
  'lt',
  'lv',
  'nb',
  'nl',
  'pl',
  'pt',
  'ro',
  'ru',
  'sk',
  'sl',
  'sr',
  'sv',
  'th',
  'tr',
  'uk',
  'vi',
  'zh',
]

/** A language's name in itself, as a menu of captions shows it. */
export const languageName = (language: string): string => {
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1)
}

export const languageChoices = (locale: string): { value: string; label: string }[] => {
  const names = new Intl.DisplayNames([locale], { type: 'language' })
  return LANGUAGES.map((value) => ({ value, label: names.of(value) ?? value })).toSorted((a, b) => a.label.localeCompare(b.label, locale))
}

/** The language that a file's name tells, as in `talk.de.vtt` or `talk_EN-GB.srt`. */
export const languageOf = (fileName: string): string | undefined => {
  const named = /[._-]([a-z]{2})(?:-[A-Za-z]{2,4})?\.(?:vtt|srt)$/i.exec(fileName)?.[1]?.toLowerCase()
  return named !== undefined && LANGUAGES.includes(named) ? named : undefined
}
