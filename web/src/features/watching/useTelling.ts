import { useQueryClient } from '@tanstack/vue-query'
import { useEventListener, useTimeoutFn } from '@vueuse/core'
import { onBeforeUnmount, type Ref, shallowRef, watch } from 'vue'
import { BEAT_SECONDS } from '#contract/watching.ts'
import { client, refusalOf } from '../../lib/api.ts'
import { locks } from '../../lib/locks.ts'
import { later } from '../../lib/pauses.ts'
import { store } from '../../lib/store.ts'
import { personHere } from '../../lib/tokens.ts'
import { keepProgress } from '../learning/progress.ts'
import { beatsIn, type LeftBehind } from './kept.ts'
import { isPassing, part } from './opened.ts'
import { cut, type Shown, ticked } from './shown.ts'
import { type Telling, telling } from './telling.ts'

export type Heard = Awaited<ReturnType<typeof client.watching.beat>>

type Player = {
  lesson: string
  element: Readonly<Ref<HTMLVideoElement | null>>
  stream: Readonly<Ref<string | undefined>>
  startSeconds: number
  /** The element tells of itself, and not of the film. */
  isExchanging(): boolean
  /** Of a stream that is still being watched. */
  heard(answer: Heard): void
}

/** Whoever drags along the timeline tells where they have come to, not of every step. */
const SEEK_PAUSE_MS = 1_500

const beats = beatsIn({ store, locks, now: () => Date.now() })

/** Whoever has to sign in again will still have watched it; what somebody else is told of it says nothing. */
const judgeFor =
  (person: string | undefined) =>
  (error: unknown): 'again' | 'gone' =>
    isPassing(error) || refusalOf(error) === 'not-signed-in' || personHere.value !== person ? 'again' : 'gone'

type Voice = Telling & { letGo(): void }

/** What the screen has shown of a film, and where it is. */
const useScreen = ({ element, isExchanging, startSeconds }: Pick<Player, 'element' | 'isExchanging' | 'startSeconds'>) => {
  let shown: Shown = { stretches: [] }
  let position = startSeconds
  let hasBegun = false
  const tick = (): void => {
    const video = element.value
    if (!video || isExchanging()) return
    // Before there is a picture, the element stands at nought.
    hasBegun ||= video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA
    if (!hasBegun) return
    position = video.currentTime
    shown = ticked(shown, { seconds: position, atMs: performance.now(), rate: video.playbackRate })
  }
  const jump = (): void => {
    shown = cut(shown)
    tick()
  }
  useEventListener(element, ['timeupdate', 'ratechange', 'pause', 'ended'], tick)
  useEventListener(element, 'seeking', jump)
  useEventListener(element, 'emptied', () => {
    shown = cut(shown)
    hasBegun = false
  })
  return {
    /** Hands over what was shown since the last time. */
    take: () => {
      tick()
      const { stretches } = shown
      shown = { ...shown, stretches: [] }
      return { position, stretches }
    },
  }
}

type Saying = { lesson: string; isCurrent(stream: string): boolean; isParting(): boolean; keep(answer: Heard): void; heard(answer: Heard): void }

/** Speaks for one stream, and holds it meanwhile. */
const voiceOf = (id: string, { lesson, isCurrent, isParting, keep, heard }: Saying): Voice => {
  const letGo = beats.holdStream(id)
  const person = personHere.value
  const told = telling<{ answer: Heard; isLast: boolean }>({
    kept: beats.keptFor({ person, lesson, stream: id }),
    send: async ({ positionSeconds, watched }, isLeaving) => {
      const context = { isParting: isLeaving || isParting() }
      return { answer: await client.watching.beat({ stream: id, positionSeconds, watched, isLeaving }, { context }), isLast: isLeaving }
    },
    heard: ({ answer, isLast }) => {
      keep(answer)
      if (!isLast && isCurrent(id)) heard(answer)
    },
    ...{ judge: judgeFor(person), later, random: Math.random },
  })
  return { ...told, letGo }
}

/** Tells what pages that are gone had not been able to. They hold no place any more. */
const tellLeftBehind = (keep: (answer: Heard) => void): void => {
  const person = personHere.value
  const judge = judgeFor(person)
  const tell = async ({ stream, untold, drop }: LeftBehind): Promise<void> => {
    try {
      keep(await client.watching.beat({ stream, ...untold, isLeaving: true }))
      drop()
    } catch (error) {
      if (judge(error) === 'gone') drop()
    }
  }
  for (const left of beats.leftBehind(person)) left.unlessHeld(() => tell(left)).catch(() => undefined)
}

/** A beat now and then while the element plays. */
const useBeats = ({ element, isExchanging }: Pick<Player, 'element' | 'isExchanging'>, tell: () => void): void => {
  const delay = shallowRef(0)
  const beat = useTimeoutFn(() => goOn(), delay, { immediate: false })
  const goOn = (): void => {
    tell()
    delay.value = BEAT_SECONDS * 1000 * (0.9 + Math.random() * 0.2)
    beat.start()
  }
  const jumped = useTimeoutFn(tell, SEEK_PAUSE_MS, { immediate: false })
  useEventListener(element, 'play', () => isExchanging() || goOn())
  useEventListener(element, 'pause', () => {
    if (isExchanging()) return
    beat.stop()
    tell()
  })
  useEventListener(element, 'seeking', () => jumped.start())
  useEventListener(element, 'emptied', () => isExchanging() || beat.stop())
}

/** Tells the school what a player shows: every twenty seconds while it plays, at a pause, after a jump, and on leaving. */
export const useTelling = (player: Player): void => {
  const { lesson, stream, heard } = player
  const cache = useQueryClient()
  const screen = useScreen(player)
  let voice: Voice | undefined
  let isParting = false

  const keep = ({ progress }: Heard): void => {
    if (progress) keepProgress(cache, progress)
  }
  const tell = async (isLeaving = false): Promise<void> => {
    if (!voice) return
    const { position, stretches } = screen.take()
    voice.note(position, stretches)
    await voice.tell(isLeaving)
  }
  const leave = (): Promise<void> => {
    const [last, gone] = [tell(true), voice]
    voice = undefined
    return last.finally(() => {
      gone?.stop()
      gone?.letGo()
    })
  }

  useBeats(player, () => void tell())
  useEventListener(window, 'online', () => void tell())
  useEventListener(document, 'visibilitychange', () => {
    isParting = document.visibilityState === 'hidden'
    if (isParting) void tell()
  })
  // The page may come back as it was: its stream will have been left, which the next beat says.
  useEventListener(window, 'pagehide', () => void tell(true))
  onBeforeUnmount(() => part(leave()))

  let isFirst = true
  watch(stream, (id) => {
    if (voice) void leave()
    const saying = { lesson, keep, heard, isCurrent: (each: string) => each === stream.value, isParting: () => isParting }
    voice = id === undefined ? undefined : voiceOf(id, saying)
    if (isFirst && voice) tellLeftBehind(keep)
    isFirst &&= voice === undefined
  })
}
