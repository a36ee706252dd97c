import { type Ref, shallowRef } from 'vue'
import type { StreamEnd } from '#contract/watching.ts'
import type { Renditions } from './renditions.ts'
import { playStream, type StreamFailure } from './stream.ts'
import { drawn, swapped } from './swap.ts'
import { usePlayback } from './usePlayback.ts'

type Screen = {
  lesson: string
  element: Readonly<Ref<HTMLVideoElement | null>>
  /** Lies over the picture while there is none. */
  curtain: Readonly<Ref<HTMLCanvasElement | null>>
  renditions: Renditions
  startSeconds: number
  durationSeconds(): number
  isPlaying(): boolean
  /** Where to go on once all of it can be watched, if that is not where it is. */
  wanted(): number | undefined
  /** The ladder has joined. */
  onLadder(): void
}

/** Nothing can be begun at the very end: whoever has seen it all keeps the last picture. */
const LAST_SECONDS = 0.5

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

type Seams = Pick<Screen, 'element' | 'curtain'>

/** Exchanges sources behind the last picture of the old one. */
const useSwap = ({ element, curtain }: Seams) => {
  const isSwapping = shallowRef(false)
  const hasCurtain = shallowRef(false)
  const swap = async (to: { seconds: number; isPlaying: boolean; begin(seconds: number): void }): Promise<void> => {
    if (!element.value) return
    hasCurtain.value = curtain.value !== null && drawn(element.value, curtain.value)
    isSwapping.value = true
    await swapped(element.value, { ...to, wait })
    isSwapping.value = false
    hasCurtain.value = false
  }
  return { isSwapping, hasCurtain, swap }
}

type Watched = Pick<Screen, 'element' | 'startSeconds' | 'isPlaying'> & { stop(): void }

/** Whether a film plays; and once it has stopped why, where, and whether it is to play on from there. */
const useFate = ({ element, startSeconds, isPlaying, stop }: Watched) => {
  const failure = shallowRef<unknown>()
  const state = shallowRef<'opening' | 'ready' | 'failed'>('opening')
  let last = { seconds: startSeconds, isWanted: false }
  return {
    ...{ failure, state },
    giveUp: (why: unknown): void => {
      // The element forgets with its source.
      if (state.value === 'ready') last = { seconds: element.value?.currentTime ?? startSeconds, isWanted: isPlaying() }
      stop()
      failure.value = why
      state.value = 'failed'
    },
    beginAgain: (isWanted: boolean): number => {
      last = { ...last, isWanted: last.isWanted || isWanted }
      return last.seconds
    },
    /** Answers yes once. */
    goesOn: (): boolean => {
      const { isWanted } = last
      last = { ...last, isWanted: false }
      return isWanted
    },
  }
}

/** What a `<video>` of a lesson plays: opened, kept going, and exchanged for the ladder when that has been made meanwhile. */
export const useFilm = ({ lesson, element, curtain, renditions, startSeconds, durationSeconds, isPlaying, wanted, onLadder }: Screen) => {
  const { isSwapping, hasCurtain, swap } = useSwap({ element, curtain })
  const madeSeconds = shallowRef(0)
  const made = (seconds: number) => (madeSeconds.value = seconds)
  let stop = (): void => undefined
  const { failure, state, giveUp, beginAgain, goesOn } = useFate({ element, startSeconds, isPlaying, stop: () => stop() })

  // What a first version is made of goes once the ladder is there: that is no failure but news of it.
  const fail = (why: unknown): void => {
    const isNews = why === ('network' satisfies StreamFailure) && playback.value?.isEarly
    const tryAgain = () => renew().then(({ isEarly }) => (isEarly ? giveUp(why) : undefined))
    if (isNews) tryAgain().catch(() => giveUp(why))
    else giveUp(why)
  }
  const begin = (from: number): void => {
    const [video, url] = [element.value, playback.value?.masterUrl]
    if (!video || url === undefined) return
    stop()
    stop = playStream({ video, url, startSeconds: from, renditions, renew: persist, fail, made })
  }
  const join = async (): Promise<void> => {
    onLadder()
    const video = element.value
    if (!video || state.value === 'failed') return
    if (state.value === 'opening') return begin(startSeconds)
    const seconds = Math.min(wanted() ?? video.currentTime, Math.max(0, durationSeconds() - LAST_SECONDS))
    await swap({ seconds, isPlaying: isPlaying(), begin })
  }
  const { playback, stream, renew, persist, forget, onPlay } = usePlayback(lesson, { isPlaying, fail, onLadder: () => void join() })

  const open = async (from: number): Promise<void> => {
    failure.value = undefined
    state.value = 'opening'
    try {
      await renew()
      begin(from)
    } catch (error) {
      giveUp(error)
    }
  }
  const onReady = () => (state.value = 'ready')
  /** Goes on where it stopped; `isAnew` as another stream, after this one was ended. */
  const again = async ({ isAnew = false, isWanted = false } = {}): Promise<void> => {
    if (isAnew) forget()
    await open(beginAgain(isWanted))
  }
  /** What the school said of its stream. */
  const onEnd = (why: StreamEnd): void => {
    if (why === 'by-you') giveUp('ended' satisfies StreamFailure)
    // It lost its place while it said nothing: there may be another.
    else if (why !== 'closed') persist().catch(fail)
  }
  /** Asks at once whether there is more than a first version. */
  const look = () => void (playback.value?.isEarly && renew().catch(() => undefined))
  const shown = { playback, stream, state, failure, isSwapping, hasCurtain, madeSeconds }
  return { ...shown, ...{ look, open, again, goesOn, onEnd, onPlay, onReady, renew: persist, stop: () => stop() } }
}
