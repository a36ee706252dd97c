import { useLocalStorage } from '@vueuse/core'

/** Whether the next lesson begins by itself, as it was last wanted in this browser. */
export const useAutoplay = () => useLocalStorage('lectern.autoplay', true)
