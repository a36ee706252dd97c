import { useMutation } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { Video } from '#contract/media.ts'
import { client, refusalOf, wordsOf } from '../../lib/api.ts'
import { queryClient } from '../../lib/query.ts'

/** Asks the school again for whatever shows this video. */
export const reloadVideo = ({ lesson }: Pick<Video, 'lesson'>): void => {
  for (const queryKey of [
    ['courses', 'lesson', lesson],
    ['courses', 'get'],
    ['media', 'videos'],
    ['operations', 'films'],
    ['operations', 'attention'],
  ]) {
    void queryClient.invalidateQueries({ queryKey })
  }
}

const MOST_CONFLICTS = 4

/** The school writes a video’s progress all the time: what meets it is simply asked for again. */
const insisting = async (ask: () => Promise<Video>): Promise<Video> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      if (refusalOf(error) !== 'conflict' || attempt >= MOST_CONFLICTS) throw error
    }
  }
}

/** What a teacher can do about a video as a whole. */
export const useVideoActions = () => {
  const options = { onSuccess: reloadVideo, onError: (_: Error, video: Video) => reloadVideo(video) }
  const cancelling = useMutation({ mutationFn: ({ id }: Video) => insisting(() => client.media.cancel({ video: id })), ...options })
  const retrying = useMutation({ mutationFn: ({ id }: Video) => client.media.retry({ video: id }), ...options })
  const keeping = useMutation({ mutationFn: ({ id }: Video) => insisting(() => client.media.keepPrevious({ video: id })), ...options })
  const error = computed(() => keeping.error.value ?? retrying.error.value ?? cancelling.error.value)
  return {
    cancel: (video: Video) => cancelling.mutate(video),
    retry: (video: Video) => retrying.mutate(video),
    keepPrevious: (video: Video) => keeping.mutate(video),
    ...{ isCancelling: cancelling.isPending, isRetrying: retrying.isPending, isKeeping: keeping.isPending },
    /** Why the last of them was refused, in words. */
    refusal: computed(() => (error.value ? wordsOf(error.value) : '')),
  }
}
