import { computed, shallowRef, watchEffect } from 'vue'
import { store } from './store.ts'

/** Read by `public/first.js` too, before the first paint. */
const KEY = 'vueuse-color-scheme'

const wish = shallowRef(store.get(KEY) ?? 'auto')
/** None where pages are published. */
const system = typeof matchMedia === 'undefined' ? undefined : matchMedia('(prefers-color-scheme: dark)')
const isSystemDark = shallowRef(system?.matches ?? false)

/** Nothing fades from one theme into the other: half-way nobody could read it. */
const put = (isOn: boolean): void => {
  const { classList } = document.documentElement
  if (classList.contains('dark') === isOn) return
  classList.add('is-turning')
  classList.toggle('dark', isOn)
  // Asked for so that the browser applies it before the fading is allowed again.
  getComputedStyle(document.body).getPropertyValue('opacity')
  classList.remove('is-turning')
}

/** Dark as the system is, until somebody chooses otherwise; a choice of what the system says anyway follows it again. */
export const isDark = computed({
  get: () => (wish.value === 'auto' ? isSystemDark.value : wish.value === 'dark'),
  set(wanted: boolean) {
    wish.value = wanted === isSystemDark.value ? 'auto' : wanted ? 'dark' : 'light'
    store.set(KEY, wish.value)
  },
})

/** Keeps the page in its theme from now on, in step with the system and with other tabs. */
export const keepColourMode = (): void => {
  system?.addEventListener('change', ({ matches }) => {
    isSystemDark.value = matches
  })
  addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY) wish.value = newValue ?? 'auto'
  })
  watchEffect(() => put(isDark.value))
}
