import { useQueryClient } from '@tanstack/vue-query'
import { shallowRef } from 'vue'
import { client, refusalOf } from '../../lib/api.ts'
import { signUp } from '../../lib/session.ts'
import { isSignedIn } from '../../lib/tokens.ts'
import { GO_ON } from './useOrdering.ts'

/** Getting into a course that costs nothing. */
export const useEnrolling = () => {
  const cache = useQueryClient()
  const isBusy = shallowRef(false)
  const failure = shallowRef<unknown>()

  const enrol = async (course: { id: string; slug: string }): Promise<void> => {
    isBusy.value = true
    failure.value = undefined
    try {
      if (!isSignedIn.value) return await signUp(`/courses/${course.slug}?${GO_ON}=1`)
      await client.learning.enrol({ course: course.id })
      await cache.invalidateQueries({ queryKey: ['learning'] })
    } catch (error) {
      if (refusalOf(error) === 'already-enrolled') await cache.invalidateQueries({ queryKey: ['learning'] })
      else failure.value = error
    }
    isBusy.value = false
  }

  return { enrol, isBusy, failure }
}
