import { useLocalStorage } from '@vueuse/core'

/** Whether the picture takes the whole width of the page, as it was last wanted in this browser. */
export const useTheatre = () => useLocalStorage('lectern.theatre', false)
