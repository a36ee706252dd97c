import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import type { Announcement } from '#contract/announcements.ts'
import { client } from '../../lib/api.ts'

const momentOf = ({ at, createdAt }: Announcement): string => at ?? createdAt

/** What was announced in a course, the newest first. */
export const useAnnouncements = (course: MaybeRefOrGetter<string>) => {
  const query = useInfiniteQuery({
    queryKey: ['announcements', course],
    queryFn: ({ pageParam }) => client.announcements.list({ course: toValue(course), ...(pageParam !== undefined && { page: pageParam }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  })
  const data = computed(() =>
    query.data.value?.pages.flatMap(({ announcements }) => announcements).toSorted((one, other) => momentOf(other).localeCompare(momentOf(one))),
  )
  return {
    list: { data, error: query.error, refetch: query.refetch },
    mayWrite: computed(() => query.data.value?.pages[0]?.mayWrite ?? false),
    hasMore: query.hasNextPage,
    isMoving: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
  }
}

export type AnnouncementDraft = { id?: string | undefined; subject: string; body: string }

/** What becomes of it: kept, sent now, or sent at a moment (ISO 8601). */
export type Sending = 'keep' | 'now' | { at: string }

export const useAnnouncementActs = (course: string) => {
  const cache = useQueryClient()
  const onSettled = () => cache.invalidateQueries({ queryKey: ['announcements'] })
  const saving = useMutation({
    mutationFn: async ({ draft: { id, ...words }, sending }: { draft: AnnouncementDraft; sending: Sending }) => {
      const saved =
        id === undefined ? await client.announcements.write({ course, ...words }) : await client.announcements.change({ announcement: id, ...words })
      if (sending === 'keep') return saved
      return client.announcements.send({ announcement: saved.id, ...(sending !== 'now' && sending) })
    },
    onSettled,
  })
  const hold = useMutation({ mutationFn: (announcement: string) => client.announcements.hold({ announcement }), onSettled })
  const remove = useMutation({ mutationFn: (announcement: string) => client.announcements.remove({ announcement }), onSettled })
  return { saving, hold, remove }
}
