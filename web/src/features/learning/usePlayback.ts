import { tryOnScopeDispose, useTimeoutFn } from '@vueuse/core'
import { shallowRef } from 'vue'
import type { Playback } from '#contract/learning.ts'
import { client } from '../../lib/api.ts'

const SHORTEST_MS = 5_000
/** A browser whose clock is wrong must neither ask all the time nor never. */
const LONGEST_MS = 15 * 60_000

// Somewhere around half of what is left, so that a class that began together does not ask together.
const renewalDelay = ({ expiresAt }: Playback): number => {
  const half = (Date.parse(expiresAt) - Date.now()) / 2
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, half * (0.8 + Math.random() * 0.3)))
}

/** The right to watch one lesson's video: cookies, and where things are. Renewed at half-life while the video plays. */
export const usePlayback = (lesson: string, isPlaying: () => boolean, fail: (why: unknown) => void) => {
  const playback = shallowRef<Playback>()
  const delay = shallowRef(SHORTEST_MS)
  let asking: Promise<Playback> | undefined
  let isDue = false

  const ask = async (): Promise<Playback> => {
    timer.stop()
    const answer = await client.learning.playback({ lesson })
    isDue = false
    playback.value ??= answer
    delay.value = renewalDelay(answer)
    timer.start()
    return answer
  }

  /** Fresh cookies; calls at the same time share one request. */
  const renew = (): Promise<Playback> => {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }

  // Someone who has paused holds no right they do not use; playing on renews it.
  const onDue = () => {
    if (isPlaying()) renew().catch(fail)
    else isDue = true
  }
  const timer = useTimeoutFn(onDue, delay, { immediate: false })
  tryOnScopeDispose(timer.stop)

  const onPlay = () => {
    if (isDue) renew().catch(fail)
  }

  return { playback, renew, onPlay }
}
