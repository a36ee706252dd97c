import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import type { GradedHanding, QueuedHanding } from '#contract/assignments.ts'
import { client } from '../../lib/api.ts'

export type QueueState = 'waiting' | 'graded'

/** Work handed in to a course, page by page. */
export const useQueue = (course: MaybeRefOrGetter<string>, state: MaybeRefOrGetter<QueueState>) => {
  const query = useInfiniteQuery({
    queryKey: ['assignments', 'queue', course, state],
    queryFn: ({ pageParam }) =>
      client.assignments.queue({ course: toValue(course), state: toValue(state), ...(pageParam !== undefined && { page: pageParam }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  })
  const data = computed(() => query.data.value?.pages.flatMap(({ handings }) => handings))
  return {
    list: { data, error: query.error, refetch: query.refetch },
    hasMore: query.hasNextPage,
    isMoving: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
  }
}

type Verdict = { levels: number[]; feedback: string; isPassed: boolean }

/** A piece of work on the teacher’s desk, and the two that wait beside it. */
export const useHanding = (handing: () => string) => {
  const cache = useQueryClient()
  const query = useQuery({ queryKey: ['assignments', 'handing', handing], queryFn: () => client.assignments.handing({ handing: handing() }), staleTime: 0 })
  const course = computed(() => query.data.value?.course.id)
  const waiting = useQuery({
    queryKey: ['assignments', 'waiting', course],
    queryFn: () => client.assignments.queue({ course: course.value ?? '', limit: 100 }),
    enabled: () => course.value !== undefined,
  })
  const others = computed((): { before?: QueuedHanding | undefined; next?: QueuedHanding | undefined; count: number } => {
    const queue = waiting.data.value?.handings ?? []
    const at = queue.findIndex(({ id }) => id === handing())
    return { before: at > 0 ? queue[at - 1] : undefined, next: at === -1 ? queue[0] : queue[at + 1], count: queue.length }
  })
  const grading = useMutation({
    mutationFn: (verdict: Verdict) => client.assignments.grade({ handing: handing(), ...verdict }),
    onSuccess: (graded: GradedHanding) => {
      cache.setQueryData(['assignments', 'handing', graded.id], graded)
      for (const queryKey of [['assignments', 'queue'], ['assignments', 'waiting'], ['todo']]) void cache.invalidateQueries({ queryKey })
    },
  })
  return { query, others, grading }
}
