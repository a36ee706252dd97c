import { type QueryKey, useInfiniteQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter } from 'vue'

type Page<T> = { rows: T[]; next?: string | undefined }

/** After how long, by what is shown, all that is shown is asked for anew; never where it is undefined. */
type Again<T> = { everyMs?: (shown: T[] | undefined) => number | undefined }

/** A listing that comes page by page, as one list that grows. `key` may hold refs: what they say is asked for. */
export const usePages = <T>(key: readonly MaybeRefOrGetter<unknown>[], fetch: (page: string | undefined) => Promise<Page<T>>, { everyMs }: Again<T> = {}) => {
  const query = useInfiniteQuery({
    // vue-query unwraps refs within a key.
    queryKey: key as unknown as QueryKey,
    queryFn: ({ pageParam }) => fetch(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => everyMs?.(state.data?.pages.flatMap(({ rows }) => rows)) ?? false,
  })
  const data = computed(() => query.data.value?.pages.flatMap(({ rows }) => rows))
  return {
    list: { data, error: query.error, refetch: query.refetch },
    hasMore: query.hasNextPage,
    isMoving: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
  }
}
