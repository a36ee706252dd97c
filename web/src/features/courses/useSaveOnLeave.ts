import { useEventListener } from '@vueuse/core'
import { onBeforeUnmount } from 'vue'

/** What has just been typed is saved however the page is left, also by closing the tab or going back with the keyboard. */
export const useSaveOnLeave = (save: () => void): void => {
  // Caught early: the browser's question, whether to leave, is asked by another listener once something is under way.
  useEventListener(window, 'beforeunload', save, { capture: true })
  useEventListener(document, 'visibilitychange', save)
  onBeforeUnmount(save)
}
