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

/** One attempt on the page: kept at the school as it is answered, handed in, looked at afterwards. */
export const useQuiz = (lesson: string) => {
  const cache = useQueryClient()
  const attempt = shallowRef<Attempt>()
  const answers = shallowRef<Answers>(new Map())
  const state = shallowRef<'saved' | 'saving' | 'failed'>('saved')
  const failure = shallowRef<unknown>()
  const isBusy = shallowRef(false)
  let unsaved = new Set<string>()
  const isOpen = computed(() => attempt.value !== undefined && attempt.value.handedInAt === undefined)

  const time = useTimeLeft(() => void handIn())
  const show = (now: Attempt | undefined): void => {
    attempt.value = now
    answers.value = now ? answersOf(now) : new Map()
    unsaved = new Set()
    time.set(now?.handedInAt === undefined ? now?.secondsLeft : undefined)
  }
  const ended = (now: Attempt): void => {
    show(now)
    if (now.score?.isPassed) keepProgress(cache, { lesson, isCompleted: true })
    void cache.invalidateQueries({ queryKey: ['quizzes', 'open', lesson] })
    void cache.invalidateQueries({ queryKey: ['learning'] })
  }
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

  const toSend = () => {
    const now = attempt.value
    return now ? given(now.questions, answers.value).filter(({ question }) => unsaved.has(question)) : []
  }
  const save = async (isParting = false): Promise<void> => {
    const now = attempt.value
    const sending = toSend()
    if (!now || !isOpen.value || sending.length === 0 || isBusy.value) return
    state.value = 'saving'
    try {
      unsaved = new Set()
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
  const saveLater = useDebounceFn(() => save(), AGAIN_MS)
  const saveSoon = useDebounceFn(() => save(), PAUSE_MS)
  const answer = (question: string, to: Answer): void => {
    answers.value = new Map([...answers.value, [question, to]])
    unsaved.add(question)
    void saveSoon()
  }
  const all = () => (attempt.value ? given(attempt.value.questions, answers.value) : [])
  const handIn = (): Promise<boolean> => {
    const number = attempt.value?.number ?? 0
    return act(() => client.quizzes.answer({ lesson, number, answers: all(), isFinal: true }))
  }
  const check = (question: string): Promise<boolean> => {
    const number = attempt.value?.number ?? 0
    return act(() => client.quizzes.answer({ lesson, number, answers: all(), check: question }))
  }
  useEventListener(window, 'online', () => void save())
  useEventListener(document, 'visibilitychange', () => document.visibilityState === 'hidden' && void save(true))
  onBeforeUnmount(() => void save(true))

  return {
    ...{ attempt, answers, state, failure, isBusy, isOpen, secondsLeft: time.left, answer, handIn, check },
    start: () => act(() => client.quizzes.start({ lesson })),
    look: (number: number) => act(() => client.quizzes.attempt({ lesson, number })),
    leave: () => show(undefined),
  }
}
