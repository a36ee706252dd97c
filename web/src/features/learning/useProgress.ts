import { useQueryClient } from '@tanstack/vue-query'
import { shallowRef } from 'vue'
import type { LessonView } from '#contract/learning.ts'
import { client } from '../../lib/api.ts'
import { keepProgress } from './progress.ts'

/** A lesson that is completed by the learner’s word. Shown at once, and taken back if it cannot be saved. */
export const useProgress = (lesson: () => LessonView) => {
  const cache = useQueryClient()
  const failure = shallowRef<unknown>()

  const complete = async (wanted: boolean): Promise<void> => {
    const { id, isCompleted } = lesson()
    keepProgress(cache, { lesson: id, isCompleted: wanted })
    try {
      keepProgress(cache, await client.learning.complete({ lesson: id, isCompleted: wanted }))
      failure.value = undefined
    } catch (error) {
      keepProgress(cache, { lesson: id, isCompleted })
      failure.value = error
    }
  }
  return { complete, failure }
}
