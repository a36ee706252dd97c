import { watchEffect } from 'vue'
import { useSchool } from '../../lib/session.ts'
import { store } from '../../lib/store.ts'

/** Read again before the first paint, by `public/first.js`. */
const KEY = 'lectern-accent'

/** Puts the school's colour and icon on whatever page is open. */
export const useSchoolLook = (): void => {
  const school = useSchool()
  // In a published page it stands in its head.
  if (typeof document === 'undefined') return
  watchEffect(() => {
    if (!school.value) return
    const { accent, icon } = school.value
    const { style } = document.documentElement
    if (accent) {
      style.setProperty('--accent-hue', String(accent.hue))
      style.setProperty('--accent-chroma', String(accent.chroma))
      store.set(KEY, `${accent.hue} ${accent.chroma}`)
    } else {
      style.removeProperty('--accent-hue')
      style.removeProperty('--accent-chroma')
      store.remove(KEY)
    }
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    if (link && icon !== undefined) Object.assign(link, { href: icon, type: 'image/png' })
  })
}
