import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { client } from '../../lib/api.ts'

type What = 'questions' | 'reports' | 'blocked'

/** What waits for the staff of a course, page by page. */
export const useDesk = (course: MaybeRefOrGetter<string>, what: MaybeRefOrGetter<What>) => {
  const query = useInfiniteQuery({
    queryKey: ['talk', 'desk', course, what],
    queryFn: ({ pageParam }) => client.talk.desk({ course: toValue(course), what: toValue(what), ...(pageParam !== undefined && { page: pageParam }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  })
  const data = computed(() => {
    const pages = query.data.value?.pages
    return (
      pages && {
        questions: pages.flatMap(({ questions }) => questions),
        reports: pages.flatMap(({ reports }) => reports),
        blocked: pages.flatMap(({ blocked }) => blocked),
      }
    )
  })
  return {
    list: { data, error: query.error, refetch: query.refetch },
    hasMore: query.hasNextPage,
    isMoving: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
  }
}
