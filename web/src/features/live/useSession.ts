import { useQuery } from '@tanstack/vue-query'
import { useNow } from '@vueuse/core'
import { computed, shallowRef, watch } from 'vue'
import { client } from '../../lib/api.ts'

const LOOK_AGAIN_MS = 60_000

/** A live session, counted by the school's clock whatever this one says; asked for again when something of it changes. */
export const useSession = (lesson: string) => {
  const query = useQuery({
    queryKey: ['calendar', 'session', lesson],
    queryFn: () => client.calendar.session({ lesson }),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => (data?.state === 'over' ? false : LOOK_AGAIN_MS),
  })
  const aheadMs = shallowRef(0)
  watch(
    () => query.data.value?.now,
    (now) => {
      if (now !== undefined) aheadMs.value = Date.parse(now) - Date.now()
    },
    { immediate: true },
  )
  const here = useNow({ interval: 1000 })
  const nowMs = computed(() => here.value.getTime() + aheadMs.value)
  const startsIn = computed(() => (query.data.value ? Date.parse(query.data.value.startsAt) - nowMs.value : 0))
  const linkIn = computed(() => {
    const at = query.data.value?.linkAt
    return at === undefined || query.data.value?.link !== undefined ? undefined : Date.parse(at) - nowMs.value
  })
  // The link comes, and the session begins, at a moment this page knows.
  for (const left of [linkIn, startsIn]) watch(left, (now, before) => (now !== undefined && now <= 0 && (before ?? 0) > 0 ? void query.refetch() : undefined))
  return { query, startsIn, linkIn }
}
