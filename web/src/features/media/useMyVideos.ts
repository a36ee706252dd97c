import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref, watch } from 'vue'
import { groupOf, VideoGroup } from '#contract/media.ts'
import { client } from '../../lib/api.ts'
import { isBeingMade } from './states.ts'

type Page = Awaited<ReturnType<typeof client.media.videos>>
export type MyVideo = Page['videos'][number]
type Pages = InfiniteData<Page, string | undefined>

const POLL_MS = 2000
const KEY = ['media', 'videos']

const askFor = (page: string | undefined): Promise<Page> => client.media.videos(page === undefined ? {} : { page })

/** Places of the pages on which something moves. */
const movingPlaces = ({ pages }: Pages): number[] => pages.flatMap(({ videos }, place) => (videos.some(({ video }) => isBeingMade(video)) ? [place] : []))

/** My videos, newest first, those under way before the rest; pages on which something moves are asked for again and again. `wanted`: the group that is shown first. */
export const useMyVideos = (wanted?: string) => {
  const cache = useQueryClient()
  const query = useInfiniteQuery<Page, Error, Pages, string[], string | undefined>({
    queryKey: KEY,
    queryFn: ({ pageParam }) => askFor(pageParam),
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  })
  const places = computed(() => (query.data.value ? movingPlaces(query.data.value) : []))
  const fresh = useQuery({
    queryKey: ['media', 'moving', places],
    queryFn: () => Promise.all(places.value.map(async (place) => ({ place, page: await askFor(query.data.value?.pageParams[place]) }))),
    enabled: () => places.value.length > 0,
    refetchInterval: POLL_MS,
    staleTime: 0,
  })
  watch(fresh.data, (answers) => {
    if (!answers) return
    const pageAt = (place: number): Page | undefined => answers.find((answer) => answer.place === place)?.page
    cache.setQueryData<Pages>(KEY, (known) => known && { ...known, pages: known.pages.map((page, place) => pageAt(place) ?? page) })
  })

  const all = computed(() => {
    const videos = query.data.value?.pages.flatMap((page) => page.videos) ?? []
    return [...videos.filter(({ video }) => groupOf(video) === 'moving'), ...videos.filter(({ video }) => groupOf(video) !== 'moving')]
  })
  const filter = ref<VideoGroup | 'all'>(VideoGroup.options.find((group) => group === wanted) ?? 'all')
  const counts = computed(() =>
    (['all', ...VideoGroup.options] as const).map((name) => ({
      name,
      count: all.value.filter(({ video }) => name === 'all' || groupOf(video) === name).length,
    })),
  )
  const shown = computed(() => all.value.filter(({ video }) => filter.value === 'all' || groupOf(video) === filter.value))
  return { query, filter, counts, shown }
}
