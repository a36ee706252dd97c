import { useIntervalFn } from '@vueuse/core'
import { type ShallowRef, shallowRef, watch } from 'vue'

/** The time, each second while something counts. */
export const useTicking = (isCounting: () => boolean): Readonly<ShallowRef<number>> => {
  const nowMs = shallowRef(Date.now())
  const { pause, resume } = useIntervalFn(
    () => {
      nowMs.value = Date.now()
    },
    1000,
    { immediate: false, immediateCallback: true },
  )
  watch(isCounting, (is) => (is ? resume() : pause()), { immediate: true })
  return nowMs
}
