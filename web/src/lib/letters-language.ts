import { client } from './api.ts'
import { language } from './language.ts'
import { MIRRORED } from './languages.ts'

/** Has the school write to whoever is signed in as its pages speak to them. Where that fails, letters stay as they were, and nobody is kept waiting. */
export const askForLetters = (): void => {
  if (language.value === MIRRORED) return
  client.notifications.setLanguage({ language: language.value }).catch(() => undefined)
}
