import { useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import { computed, shallowRef, watch } from 'vue'
import { type Countdown, counting, stopped, ticked } from './countdown.ts'

/** Counts down to `go`, while somebody is looking. */
export const useCountdown = (isWanted: boolean, go: () => void) => {
  const visibility = useDocumentVisibility()
  const countdown = shallowRef<Countdown>(isWanted && visibility.value === 'visible' ? counting() : stopped())
  const stop = (): void => {
    countdown.value = stopped()
  }
  useIntervalFn(() => {
    countdown.value = ticked(countdown.value)
    if (countdown.value.isOver) go()
  }, 1000)
  watch(visibility, (is) => {
    if (is === 'hidden') stop()
  })
  return { left: computed(() => countdown.value.left), stop }
}
