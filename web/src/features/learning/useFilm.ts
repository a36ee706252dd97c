import { type Ref, shallowRef } from 'vue'
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

/** What a `<video>` of a lesson plays: opened, kept going, and exchanged for the ladder when that has been made meanwhile. */
export const useFilm = ({ lesson, element, curtain, renditions, startSeconds, durationSeconds, isPlaying, wanted, onLadder }: Screen) => {
  const failure = shallowRef<unknown>()
  const state = shallowRef<'opening' | 'ready' | 'failed'>('opening')
  const { isSwapping, hasCurtain, swap } = useSwap({ element, curtain })
  const madeSeconds = shallowRef(0)
  const made = (seconds: number) => (madeSeconds.value = seconds)
  let stop = (): void => undefined

  const giveUp = (why: unknown): void => {
    stop()
    failure.value = why
    state.value = 'failed'
  }
  // What a first version is made of goes once the ladder is there: that is no failure but news of it.
  const fail = (why: unknown): void => {
    const isNews = why === ('network' satisfies StreamFailure) && playback.value?.isEarly
    if (!isNews) giveUp(why)
    else
      renew().then(
        ({ isEarly }) => isEarly && giveUp(why),
        () => giveUp(why),
      )
  }

  const begin = (from: number): void => {
    const [video, url] = [element.value, playback.value?.masterUrl]
    if (!video || url === undefined) return
    stop()
    stop = playStream({ video, url, startSeconds: from, renditions, renew, fail, made })
  }
  const join = async (): Promise<void> => {
    onLadder()
    const video = element.value
    if (!video || state.value === 'failed') return
    if (state.value === 'opening') return begin(startSeconds)
    const seconds = Math.min(wanted() ?? video.currentTime, Math.max(0, durationSeconds() - LAST_SECONDS))
    await swap({ seconds, isPlaying: isPlaying(), begin })
  }
  const { playback, renew, onPlay } = usePlayback(lesson, { isPlaying, fail, onLadder: () => void join() })

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
  const onReady = (): void => {
    state.value = 'ready'
  }
  /** Asks at once whether there is more than a first version. */
  const look = (): void => {
    if (playback.value?.isEarly) renew().catch(() => undefined)
  }
  return { look, madeSeconds, playback, state, failure, isSwapping, hasCurtain, open, onPlay, onReady, stop: () => stop() }
}
