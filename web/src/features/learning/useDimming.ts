import { useEventListener, useMediaQuery, useTimeoutFn, useWindowScroll } from '@vueuse/core'
import { computed, type Ref, shallowRef } from 'vue'
import { isForPlayer } from './usePlayerKeys.ts'

const STILL_MS = 2_500
/** Further down than this somebody is reading, not watching. */
const AT_TOP_PX = 120

/** Whether the page should be dark around the player: while it plays and nobody is busy beside it. */
export const useDimming = (stage: Ref<HTMLElement | null>, isPlaying: Ref<boolean>) => {
  const isBusy = shallowRef(false)
  const { start } = useTimeoutFn(
    () => {
      isBusy.value = false
    },
    STILL_MS,
    { immediate: false },
  )

  const onSign = (event: Event) => {
    if (event.target instanceof Node && stage.value?.contains(event.target)) return
    if (event instanceof KeyboardEvent && isForPlayer(event)) return
    isBusy.value = true
    start()
  }
  for (const sign of ['pointermove', 'pointerdown', 'keydown', 'focusin', 'wheel', 'touchmove'] as const)
    useEventListener(document, sign, onSign, { passive: true })

  // On a phone there is nothing beside the player, and what is below it is there to be read.
  const isWide = useMediaQuery('(min-width: 64rem)')
  const { y } = useWindowScroll()
  return computed(() => isPlaying.value && !isBusy.value && isWide.value && y.value < AT_TOP_PX)
}
