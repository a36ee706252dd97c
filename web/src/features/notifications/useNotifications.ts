import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import type { NoticeKind, Preference } from '#contract/notifications.ts'
import { client } from '../../lib/api.ts'
import { isSignedIn } from '../../lib/tokens.ts'

const LOOK_AGAIN_MS = 60_000
const A_BELL = 8

/** The newest, and how many are new: for the bell, which looks again while the page is in sight. */
export const useNewest = () =>
  useQuery({
    queryKey: ['notifications', 'newest', isSignedIn],
    queryFn: () => client.notifications.mine({ limit: A_BELL }),
    enabled: () => isSignedIn.value === true,
    refetchInterval: LOOK_AGAIN_MS,
    refetchOnWindowFocus: true,
  })

/** All of them, or those of one kind, page by page. */
export const useNotifications = (kind: MaybeRefOrGetter<NoticeKind | undefined>) => {
  const query = useInfiniteQuery({
    queryKey: ['notifications', 'all', kind],
    queryFn: ({ pageParam }) => {
      const of = toValue(kind)
      return client.notifications.mine({ ...(of !== undefined && { kind: of }), ...(pageParam !== undefined && { page: pageParam }) })
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  })
  const data = computed(() => query.data.value?.pages.flatMap(({ notifications }) => notifications))
  return {
    list: { data, error: query.error, refetch: query.refetch },
    unread: computed(() => query.data.value?.pages[0]?.unread ?? 0),
    hasMore: query.hasNextPage,
    isMoving: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
  }
}

/** Marks as read or unread; without ids, everything as read. */
export const useReading = () => {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (input: { ids?: string[]; isRead: boolean }) => client.notifications.read(input),
    onSettled: () => cache.invalidateQueries({ queryKey: ['notifications'] }),
  })
}

export const usePreferences = () => {
  const cache = useQueryClient()
  const key = ['notifications', 'preferences']
  const query = useQuery({ queryKey: key, queryFn: () => client.notifications.preferences({}) })
  const choosing = useMutation({
    mutationFn: (wanted: Preference) => client.notifications.choose(wanted),
    // Shown as chosen at once, and as it was where the school did not take it.
    onMutate: (wanted) => {
      const before = cache.getQueryData<{ preferences: Preference[] }>(key)
      if (before) cache.setQueryData(key, { preferences: before.preferences.map((each) => (each.kind === wanted.kind ? wanted : each)) })
      return before
    },
    onError: (_error, _wanted, before) => cache.setQueryData(key, before),
    onSuccess: (after) => cache.setQueryData(key, after),
  })
  return { query, choosing }
}
