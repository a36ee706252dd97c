import { namesOf, type Told } from './device-names.ts'
import { text } from './i18n.ts'
import { store } from './store.ts'

/** In a few words, for its owner to know it by: “Firefox on Windows”. Without `told`, this browser. */
// `userAgentData` is not in TypeScript’s DOM library yet: https://wicg.github.io/ua-client-hints/
export const deviceWords = (told: Told = navigator as Navigator & Pick<Told, 'userAgentData'>): string => {
  const { browser, system } = namesOf(told)
  if (browser === undefined) return system ?? text('watching.someBrowser')
  return system === undefined ? browser : text('watching.device', { browser, system })
}

const KEY = 'lectern.browser'

/** This browser’s own name for itself; it says nothing of who uses it. */
export const browserName = (): string => {
  const known = store.get(KEY)
  if (known !== undefined && /^[A-Za-z0-9-]{8,64}$/.test(known)) return known
  const made = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
  store.set(KEY, made)
  return made
}
