import { tryOnScopeDispose, useEventListener, useTimeoutFn } from '@vueuse/core'
import { shallowRef } from 'vue'
import type { Playback } from '#contract/watching.ts'
import { client } from '../../lib/api.ts'
import { later } from '../../lib/pauses.ts'
import { isSignedIn } from '../../lib/tokens.ts'
import { isFinal, isPassing, openPlayback, sharePlayback } from '../watching/opened.ts'
import { renewing } from '../watching/renewing.ts'

/** How often a first version asks whether the ladder is there. */
const EARLY_MS = 8_000

type Watcher = {
  isPlaying(): boolean
  fail(why: unknown): void
  /** The ladder has joined: `playback` names it from now on. */
  onLadder(): void
}

/** The right to watch one lesson’s video: a stream, its cookies, and where things are. Renewed while the video plays. */
export const usePlayback = (lesson: string, { isPlaying, fail, onLadder }: Watcher) => {
  const playback = shallowRef<Playback>()
  const stream = shallowRef<string>()
  const earlyDelay = shallowRef(EARLY_MS)
  let isOver = false

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
    look.stop()
    const answer = await openPlayback(lesson, stream.value)
    // Nobody will watch what was opened for a page that has gone meanwhile.
    if (isOver && isSignedIn.value) client.watching.end({ stream: answer.stream }).catch(() => undefined)
    if (isOver) return answer
    stream.value = answer.stream
    if (answer.isEarly) lookLater()
    keep(answer)
    return answer
  }
  const cookies = renewing({
    clocks: { steady: () => performance.now(), wall: () => Date.now() },
    ...{ later, ask, isPassing, isFinal, isWanted: isPlaying, refused: fail, random: Math.random },
  })
  const { renew, persist, wake } = cookies
  // What plays goes on playing whatever became of this question.
  const look = useTimeoutFn(() => renew().catch(lookLater), earlyDelay, { immediate: false })

  useEventListener(document, 'visibilitychange', () => document.visibilityState === 'visible' && wake())
  useEventListener(window, ['online', 'pageshow', 'focus'], wake)
  const unshare = sharePlayback(lesson, renew)
  tryOnScopeDispose(() => {
    isOver = true
    unshare()
    cookies.stop()
    look.stop()
  })
  /** The next opening begins another stream. */
  const forget = (): void => {
    stream.value = undefined
  }
  return { playback, stream, renew, persist, forget, onPlay: wake }
}
