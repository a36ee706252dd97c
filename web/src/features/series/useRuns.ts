import { type InfiniteData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { Run } from '#contract/series.ts'
import { client } from '../../lib/api.ts'
import { saidOf } from './refusals.ts'
import { isMoving, isOpen } from './steps.ts'
import { seriesKey, useReload } from './useSeries.ts'

type Page = Awaited<ReturnType<typeof client.series.runs>>
type Pages = InfiniteData<Page, string | undefined>

const SOON_MS = 2500
const LATER_MS = 20_000

const askFor = (series: string, page: string | undefined): Promise<Page> => client.series.runs({ series, ...(page !== undefined && { page }) })

const standOf = ({ runs }: Page): string => runs.map(({ id, state }) => `${id} ${state}`).join()

/** New runs come in front: what is known of later pages stays, save what the first has by now. */
const withFirst = (known: Pages, fresh: Page): Pages => {
  const [first, ...rest] = known.pages
  if (rest.length === 0 || !first) return { ...known, pages: [fresh] }
  const ids = new Set(fresh.runs.map(({ id }) => id))
  const moved = first.runs.filter(({ id }) => !ids.has(id))
  const kept = rest.map((page, place) => (place === 0 ? { ...page, runs: [...moved, ...page.runs] } : page))
  return { ...known, pages: [{ ...fresh, next: first.next }, ...kept] }
}

/** What has been written for a series, newest first; the newest page is asked for again while something may happen to it. */
export const useRuns = (series: () => string | undefined) => {
  const cache = useQueryClient()
  const key = ['series', 'runs', series] as const
  const isKnown = () => series() !== undefined
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => askFor(series() ?? '', pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    enabled: isKnown,
    staleTime: 0,
  })
  const runs = computed(() => query.data.value?.pages.flatMap((page) => page.runs))
  const pause = computed(() => {
    if (!runs.value) return false
    return runs.value.some(isMoving) ? SOON_MS : LATER_MS
  })
  useQuery({
    queryKey: ['series', 'fresh', series],
    queryFn: async () => {
      const id = series() ?? ''
      const fresh = await askFor(id, undefined)
      const before = cache.getQueryData<Pages>(['series', 'runs', id])?.pages[0]
      // What stands above the list counts them.
      if (before && standOf(before) !== standOf(fresh)) void cache.invalidateQueries({ queryKey: seriesKey(id) })
      cache.setQueryData<Pages>(['series', 'runs', id], (known) => known && withFirst(known, fresh))
      return fresh
    },
    enabled: () => isKnown() && runs.value !== undefined,
    refetchInterval: pause,
  })
  return {
    list: { data: runs, error: query.error, refetch: query.refetch },
    hasMore: query.hasNextPage,
    isMoving: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
  }
}

/** A run's draft. */
export const useDraft = (run: () => string) =>
  useQuery({
    queryKey: ['series', 'draft', run],
    queryFn: () => client.series.draft({ run: run() }),
    staleTime: 0,
    refetchInterval: ({ state }) => {
      if (!state.data) return false
      return isMoving(state.data.run) ? SOON_MS : isOpen(state.data.run) && LATER_MS
    },
  })

export type RunAct = 'retry' | 'propose' | 'discard'

/** What one can do with a run. */
export const useRunActs = () => {
  const reload = useReload()
  const acting = useMutation({
    mutationFn: ({ act, run }: { act: RunAct; run: Pick<Run, 'id'> }) => client.series[act]({ run: run.id }),
    onSettled: reload,
  })
  return {
    act: (act: RunAct, run: Pick<Run, 'id'>) => acting.mutate({ act, run }),
    isDoing: (act: RunAct) => acting.isPending.value && acting.variables.value?.act === act,
    refusal: computed(() => (acting.error.value ? saidOf(acting.error.value) : '')),
  }
}

/** Writes now: a lesson to be proposed, or a trial that is only shown. */
export const useStart = () => {
  const reload = useReload()
  return useMutation({ mutationFn: ({ series, isTrial }: { series: string; isTrial: boolean }) => client.series.start({ series, isTrial }), onSettled: reload })
}
