import { type Ref, watch } from 'vue'
import { refusalOf } from '../../lib/api.ts'
import { useTelling } from '../watching/useTelling.ts'
import type { useFilm } from './useFilm.ts'

type Hearing = {
  lesson: string
  element: Readonly<Ref<HTMLVideoElement | null>>
  startSeconds: number
  film: ReturnType<typeof useFilm>
  /** The right to watch has ended. */
  closed(): void
  /** Whether the school slows it down. */
  slowed(isSlowed: boolean): void
}

const CLOSED = ['access-ended', 'not-enrolled', 'not-signed-in', 'not-allowed', 'not-found']

/** Tells the school what is shown, and hears what becomes of the stream. */
export const useHearing = ({ film, closed, slowed, ...shown }: Hearing): void => {
  useTelling({
    ...{ ...shown, stream: film.stream },
    isExchanging: () => film.isSwapping.value,
    heard: ({ ended, isSlowed }) => {
      slowed(isSlowed)
      if (ended === 'closed') closed()
      else if (ended) film.onEnd(ended)
    },
  })
  watch(film.failure, (why) => {
    if (CLOSED.includes(refusalOf(why))) closed()
  })
}
