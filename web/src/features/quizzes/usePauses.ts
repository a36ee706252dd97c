import { type Ref, shallowRef } from 'vue'
import type { AskedQuestion } from '#contract/questions.ts'
import { dueBetween, type Paused, pausing } from './pauses.ts'

type Film = { seek(seconds: number): void; play(): void; pause(): void }

/** Questions of a video: at their moments it stops, until they are answered or skipped. */
export const usePauses = (questions: readonly AskedQuestion[], startSeconds: number, film: Readonly<Ref<Film | null>>) => {
  const stops = pausing(questions)
  const asked = shallowRef<Paused>()
  const done = new Set<string>()
  let last = startSeconds
  const stop = (at: Paused): void => {
    asked.value = at
    film.value?.pause()
    film.value?.seek(at.pause.atSeconds)
  }
  return {
    asked,
    atEnd: questions.filter(({ pause }) => !pause),
    onTime: (seconds: number): void => {
      const due = asked.value ?? dueBetween(stops, done, { from: last, to: seconds })
      // A question that is open holds the picture where it is.
      if (due && (!asked.value || Math.abs(seconds - due.pause.atSeconds) > 1)) stop(due)
      last = due ? due.pause.atSeconds : seconds
    },
    onPlaying: (isPlaying: boolean): void => {
      if (isPlaying && asked.value) film.value?.pause()
    },
    goOn: (): void => {
      if (!asked.value) return
      done.add(asked.value.id)
      asked.value = undefined
      film.value?.play()
    },
  }
}
