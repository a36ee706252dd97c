import { useQueryClient } from '@tanstack/vue-query'
import { useDebounceFn, useEventListener, useIntervalFn } from '@vueuse/core'
import { computed, onBeforeUnmount, shallowRef } from 'vue'
import type { Answer } from '#contract/questions.ts'
import type { Attempt } from '#contract/quizzes.ts'
import { client } from '../../lib/api.ts'
import { keepProgress } from '../learning/progress.ts'
import { type Answers, given } from './answers.ts'

const PAUSE_MS = 800
const AGAIN_MS = 5000

const answersOf = ({ answers }: Attempt): Answers => new Map(answers.map(({ question, answer }) => [question, answer]))

/** Seconds left of what the school said when it last answered; counted by a clock that nobody sets. */
const useTimeLeft = (onOver: () => void) => {
  const left = shallowRef<number>()
  let endsAt = 0
  const { pause, resume } = useIntervalFn(
    () => {
      left.value = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000))
      if (left.value > 0) return
      pause()
      onOver()
    },
    500,
    { immediate: false },
  )
  const set = (seconds: number | undefined): void => {
    pause()
    left.value = seconds
    if (seconds === undefined) return
    endsAt = performance.now() + seconds * 1000
    resume()
  }
  return { left, set }
}

/** What is shown of an attempt, and which of its answers the school does not have yet. */
const usePaper = () => {
  const attempt = shallowRef<Attempt>()
  const answers = shallowRef<Answers>(new Map())
  const unsaved = new Set<string>()
  const all = () => (attempt.value ? given(attempt.value.questions, answers.value) : [])
  return {
    ...{ attempt, answers, unsaved, all },
    isOpen: computed(() => attempt.value !== undefined && attempt.value.handedInAt === undefined),
    lay: (now: Attempt | undefined): void => {
      attempt.value = now
      answers.value = now ? answersOf(now) : new Map()
      unsaved.clear()
    },
    put: (question: string, to: Answer): void => {
      answers.value = new Map([...answers.value, [question, to]])
      unsaved.add(question)
    },
  }
}

type Paper = ReturnType<typeof usePaper>

/** Keeps answers at the school: a moment after the last one, again where it failed, and however the page is left. */
const useKeeping = (lesson: string, { attempt, isOpen, unsaved, all }: Paper, { isBusy, ended }: { isBusy(): boolean; ended(now: Attempt): void }) => {
  const state = shallowRef<'saved' | 'saving' | 'failed'>('saved')
  const save = async (isParting = false): Promise<void> => {
    const now = attempt.value
    const sending = all().filter(({ question }) => unsaved.has(question))
    if (!now || !isOpen.value || sending.length === 0 || isBusy()) return
    state.value = 'saving'
    unsaved.clear()
    try {
      const after = await client.quizzes.answer({ lesson, number: now.number, answers: sending }, { context: { isParting } })
      state.value = 'saved'
      // Its time has run out meanwhile.
      if (after.handedInAt !== undefined) ended(after)
    } catch {
      for (const { question } of sending) unsaved.add(question)
      state.value = 'failed'
      void saveLater()
    }
  }
  const saveSoon = useDebounceFn(() => save(), PAUSE_MS)
  const saveLater = useDebounceFn(() => save(), AGAIN_MS)
  useEventListener(window, 'online', () => void save())
  useEventListener(document, 'visibilitychange', () => document.visibilityState === 'hidden' && void save(true))
  onBeforeUnmount(() => void save(true))
  return { state, saveSoon }
}

/** One attempt on the page: kept at the school as it is answered, handed in, looked at afterwards. */
export const useQuiz = (lesson: string) => {
  const cache = useQueryClient()
  const paper = usePaper()
  const { attempt, answers, isOpen, all } = paper
  const failure = shallowRef<unknown>()
  const isBusy = shallowRef(false)
  const time = useTimeLeft(() => void send({ isFinal: true }))
  const show = (now: Attempt | undefined): void => {
    paper.lay(now)
    time.set(now?.handedInAt === undefined ? now?.secondsLeft : undefined)
  }
  const ended = (now: Attempt): void => {
    show(now)
    if (now.score?.isPassed) keepProgress(cache, { lesson, isCompleted: true })
    void cache.invalidateQueries({ queryKey: ['quizzes', 'open', lesson] })
    void cache.invalidateQueries({ queryKey: ['learning'] })
  }
  const { state, saveSoon } = useKeeping(lesson, paper, { isBusy: () => isBusy.value, ended })
  const act = async (ask: () => Promise<Attempt>): Promise<boolean> => {
    isBusy.value = true
    failure.value = undefined
    try {
      const now = await ask()
      if (now.handedInAt === undefined) show(now)
      else ended(now)
      return true
    } catch (error) {
      failure.value = error
      return false
    } finally {
      isBusy.value = false
    }
  }
  const send = (how: { isFinal?: boolean; check?: string }): Promise<boolean> =>
    act(() => client.quizzes.answer({ lesson, number: attempt.value?.number ?? 0, answers: all(), ...how }))
  return {
    ...{ attempt, answers, state, failure, isBusy, isOpen, secondsLeft: time.left },
    answer: (question: string, to: Answer): void => {
      paper.put(question, to)
      void saveSoon()
    },
    handIn: () => send({ isFinal: true }),
    check: (question: string) => send({ check: question }),
    start: () => act(() => client.quizzes.start({ lesson })),
    look: (number: number) => act(() => client.quizzes.attempt({ lesson, number })),
    leave: () => show(undefined),
  }
}
