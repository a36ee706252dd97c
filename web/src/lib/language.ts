import { en } from '@nuxt/ui/locale'
import { shallowRef } from 'vue'
import { i18n } from './i18n.ts'
import { directionOf, type Language, languageFor } from './languages.ts'
import type { Texts } from './merged.ts'
import { store } from './store.ts'

const KEY = 'lectern-language'

type Spoken = { texts: Texts; components: typeof en }

/** Each but English comes when somebody reads it. */
const SPOKEN: Record<Exclude<Language, 'en'>, () => Promise<Spoken>> = {
  de: () => import('../languages/de.ts'),
  es: () => import('../languages/es.ts'),
  'ar-XB': () => import('../languages/mirrored.ts'),
}

/** What is spoken now, and the words of the components we did not write. */
export const language = shallowRef<Language>('en')
export const componentTexts = shallowRef(en)

const speak = async (wanted: Language): Promise<void> => {
  if (wanted === 'en') componentTexts.value = en
  else {
    const { texts, components } = await SPOKEN[wanted]()
    i18n.global.setLocaleMessage(wanted, texts)
    componentTexts.value = components
  }
  i18n.global.locale.value = wanted
  language.value = wanted
  document.documentElement.lang = wanted
  document.documentElement.dir = directionOf(wanted)
}

/** Before the first page is drawn. A language that cannot be fetched leaves the page in English. */
export const speakFirst = async (): Promise<void> => {
  const wanted = languageFor(store.get(KEY), navigator.languages)
  if (wanted !== 'en') await speak(wanted).catch((error: unknown) => reportError(error))
}

/** Speaks another language from now on, in this browser. */
export const chooseLanguage = async (wanted: Language): Promise<void> => {
  const before = language.value
  // First: whoever loads the page anew meanwhile has chosen all the same.
  store.set(KEY, wanted)
  try {
    await speak(wanted)
  } catch (error) {
    store.set(KEY, before)
    throw error
  }
}
