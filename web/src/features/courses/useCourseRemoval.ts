import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { useRouter } from 'vue-router'
import { client, wordsOf } from '../../lib/api.ts'

/** Takes a course away for good and leads back to the others; `onRefused` is told why it stays, in words. */
export const useCourseRemoval = (course: string, onRefused: (words: string) => void) => {
  const router = useRouter()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: () => client.courses.remove({ course }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['courses', 'mine'] })
      await router.push('/teach')
    },
    onError: (error) => onRefused(wordsOf(error)),
  })
}
