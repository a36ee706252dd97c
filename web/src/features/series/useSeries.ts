import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { Series, SeriesBrief } from '#contract/series.ts'
import { client } from '../../lib/api.ts'
import { isMoving } from './steps.ts'

const SOON_MS = 2500
const LATER_MS = 20_000

type Listing = Awaited<ReturnType<typeof client.series.list>>
export type SetUp = Listing['setUp']

export const SERIES_KEY = ['series', 'list']
export const seriesKey = (id: string): string[] => ['series', 'get', id]

/** What is written for my courses, and whether there is somebody to ask and somewhere to propose. */
export const useSeriesList = () =>
  useQuery({
    queryKey: SERIES_KEY,
    queryFn: () => client.series.list({}),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.series.some(({ newest }) => newest && isMoving(newest)) ? SOON_MS : LATER_MS),
  })

/** The same as far as it is about the school itself. */
export const useSetUp = () => {
  const { data } = useQuery({ queryKey: SERIES_KEY, queryFn: () => client.series.list({}) })
  return computed(() => data.value?.setUp)
}

export const useOneSeries = (id: string) =>
  useQuery({
    queryKey: seriesKey(id),
    queryFn: () => client.series.get({ series: id }),
    staleTime: 0,
    // The clock may begin a lesson at any moment, whatever has become of the newest.
    refetchInterval: ({ state }) => (state.data?.newest && isMoving(state.data.newest) ? SOON_MS : LATER_MS),
  })

/** Asks again for whatever shows a series or its runs. */
export const useReload = () => {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: ['series'] })
}

/** Writes a brief down: of a new series, or of the one that is named. */
export const saveBrief = (id: string | undefined, brief: SeriesBrief): Promise<Series> =>
  id === undefined ? client.series.create(brief) : client.series.update({ series: id, brief })
