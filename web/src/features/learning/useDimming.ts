import { useEventListener, useTimeoutFn } from '@vueuse/core'
import { computed, type Ref, shallowRef } from 'vue'
import { isForPlayer } from './usePlayerKeys.ts'

const STILL_MS = 2_500

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

  return computed(() => isPlaying.value && !isBusy.value)
}
