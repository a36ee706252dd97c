import { useEventListener, useLocalStorage } from '@vueuse/core'
import { type Ref, shallowRef } from 'vue'
import { asSpeed, HELD_SPEED } from './speeds.ts'

/** How fast it plays: as this browser was last told, and faster for as long as something is held. */
export const useSpeed = (element: Readonly<Ref<HTMLVideoElement | null>>) => {
  const chosen = useLocalStorage<unknown>('lectern.speed', 1)
  const speed = shallowRef(asSpeed(chosen.value))
  const isHeld = shallowRef(false)
  let isApplied = false

  const give = (video: HTMLVideoElement, wanted: number): void => {
    video.preservesPitch = true
    // Another source plays at the default speed (HTML, media element load algorithm).
    video.defaultPlaybackRate = wanted
    video.playbackRate = wanted
  }
  const apply = (): void => {
    if (element.value && !isApplied) give(element.value, speed.value)
    isApplied = true
  }
  const choose = (wanted: number): void => {
    speed.value = asSpeed(wanted)
    chosen.value = speed.value
    if (element.value) give(element.value, speed.value)
  }
  const hold = (): void => {
    if (!element.value || element.value.paused || isHeld.value) return
    isHeld.value = true
    element.value.playbackRate = Math.max(HELD_SPEED, speed.value)
  }
  /** Answers whether anything had been held. */
  const release = (): boolean => {
    if (!isHeld.value) return false
    isHeld.value = false
    if (element.value) element.value.playbackRate = speed.value
    return true
  }
  useEventListener(element, 'ratechange', () => {
    if (element.value && !isHeld.value && isApplied) speed.value = element.value.playbackRate
  })
  return { speed, isHeld, apply, choose, hold, release }
}
