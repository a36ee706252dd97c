import { useEventListener } from '@vueuse/core'
import { type ComputedRef, computed, type Ref, shallowRef, watch } from 'vue'
import { client } from '../../lib/api.ts'
import { isAtEdge, isMade } from './early.ts'

type Beginning = {
  lesson: string
  element: Readonly<Ref<HTMLVideoElement | null>>
  /** Only the beginning of the video can be watched so far. */
  isBeginning: () => boolean
  madeSeconds: Readonly<Ref<number>>
  durationSeconds: () => number
}

export type Early = {
  /** What is to be seen next is not made yet. */
  isWaiting: ComputedRef<boolean>
  /** A moment someone has asked for; what plays goes there when it is made. */
  wanted: Readonly<Ref<number | undefined>>
  /** It plays on as soon as there is more. */
  goesOn(): boolean
  /** Answers whether it is not there yet, and has it made next. */
  want(seconds: number): boolean
  /** Watches what is there instead. */
  giveUp(): void
}

/** A video whose beginning plays while the rest is being made. */
export const useEarly = ({ lesson, element, isBeginning, madeSeconds, durationSeconds }: Beginning): Early => {
  const wanted = shallowRef<number>()
  const isStalled = shallowRef(false)
  let wasPlaying = false

  const isAtEnd = ({ currentTime }: HTMLVideoElement): boolean =>
    isBeginning() && isAtEdge({ seconds: currentTime, madeSeconds: madeSeconds.value, durationSeconds: durationSeconds() })
  const look = (): void => {
    const video = element.value
    if (!video) return
    isStalled.value &&= isAtEnd(video)
    // The element hears of more a little later than the list of it says so; a seek beyond its end would land there.
    if (wanted.value === undefined || !isMade(wanted.value, Math.min(madeSeconds.value, video.duration))) return
    video.currentTime = wanted.value
    wanted.value = undefined
    if (wasPlaying) video.play().catch(() => undefined)
  }
  const stall = (): void => {
    isStalled.value = element.value !== null && isAtEnd(element.value)
  }
  watch(madeSeconds, look)
  useEventListener(element, 'durationchange', look)
  useEventListener(element, ['waiting', 'ended'], stall)
  useEventListener(element, ['playing', 'seeked'], () => {
    isStalled.value = false
  })
  watch(isBeginning, (is) => {
    if (is) return
    wanted.value = undefined
    isStalled.value = false
  })

  return {
    wanted,
    isWaiting: computed(() => wanted.value !== undefined || isStalled.value),
    goesOn: () => isStalled.value || (wanted.value !== undefined && wasPlaying),
    want(seconds) {
      if (!isBeginning() || madeSeconds.value === 0 || isMade(seconds, madeSeconds.value)) return false
      wasPlaying = wanted.value === undefined ? element.value?.paused === false : wasPlaying
      wanted.value = seconds
      element.value?.pause()
      // Only a hint to the school: what is asked for comes sooner or later anyway.
      client.watching.wish({ lesson, seconds }).catch(() => undefined)
      return true
    },
    giveUp() {
      wanted.value = undefined
      element.value?.play().catch(() => undefined)
    },
  }
}
