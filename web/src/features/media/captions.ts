/** The contract's own bound, in characters. */
const MOST_CHARACTERS = 300_000

/** What is wrong with a caption file before it is sent; its own faults are the school's to find. */
export const captionFault = (vtt: string): 'notVtt' | 'tooLargeVtt' | undefined => {
  // WebVTT §4.1: an optional byte order mark, WEBVTT, then a space, a tab, a line end or nothing.
  if (!/^\uFEFF?WEBVTT(?:[ \t\r\n]|$)/.test(vtt)) return 'notVtt'
  return vtt.length > MOST_CHARACTERS ? 'tooLargeVtt' : undefined
}

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

/** The language that a file's name tells, as in `talk.de.vtt`. */
export const languageOf = (fileName: string): string | undefined => {
  const named = /[._-]([a-z]{2})(?:-[A-Za-z]{2,4})?\.vtt$/i.exec(fileName)?.[1]?.toLowerCase()
  return named !== undefined && LANGUAGES.includes(named) ? named : undefined
}
