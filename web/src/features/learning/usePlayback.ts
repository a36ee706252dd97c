import { tryOnScopeDispose, useTimeoutFn } from '@vueuse/core'
import { shallowRef } from 'vue'
import type { Playback } from '#contract/watching.ts'
import { client } from '../../lib/api.ts'

const SHORTEST_MS = 5_000
/** A browser whose clock is wrong must neither ask all the time nor never. */
const LONGEST_MS = 15 * 60_000
/** How often a first version asks whether the ladder is there. */
const EARLY_MS = 8_000

// Somewhere around half of what is left, so that a class that began together does not ask together.
const renewalDelay = ({ ttlSeconds }: Playback): number => {
  const half = ttlSeconds * 500
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, half * (0.8 + Math.random() * 0.3)))
}

type Watcher = {
  isPlaying(): boolean
  fail(why: unknown): void
  /** The ladder has joined: `playback` names it from now on. */
  onLadder(): void
}

/** The right to watch one lesson's video: cookies, and where things are. Renewed at half-life while the video plays. */
export const usePlayback = (lesson: string, { isPlaying, fail, onLadder }: Watcher) => {
  const playback = shallowRef<Playback>()
  const delay = shallowRef(SHORTEST_MS)
  const earlyDelay = shallowRef(EARLY_MS)
  let asking: Promise<Playback> | undefined
  let isDue = false

  const keep = (answer: Playback): void => {
    const hasGrown = playback.value?.isEarly === true && !answer.isEarly
    if (!playback.value || hasGrown) playback.value = answer
    if (hasGrown) onLadder()
  }
  const lookLater = (): void => {
    earlyDelay.value = EARLY_MS * (0.75 + Math.random() / 2)
    look.start()
  }
  const ask = async (): Promise<Playback> => {
    timer.stop()
    look.stop()
    const answer = await client.watching.open({ lesson })
    isDue = false
    delay.value = renewalDelay(answer)
    timer.start()
    if (answer.isEarly) lookLater()
    keep(answer)
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
  // What plays goes on playing whatever became of this question.
  const look = useTimeoutFn(() => renew().catch(lookLater), earlyDelay, { immediate: false })
  tryOnScopeDispose(() => {
    timer.stop()
    look.stop()
  })

  const onPlay = () => {
    if (isDue) renew().catch(fail)
  }

  return { playback, renew, onPlay }
}
