import { keepPreviousData, useInfiniteQuery } from '@tanstack/vue-query'
import { refDebounced } from '@vueuse/core'
import { computed, type MaybeRefOrGetter, type Ref, toValue } from 'vue'
import { type HitKind, MOST_SKIPPED } from '#contract/search.ts'
import { client } from '../../lib/api.ts'
import { isSignedIn } from '../../lib/tokens.ts'

const PAUSE_MS = 250
const FEWEST_LETTERS = 2
/** Of these one sign may be a word. */
const SIGNS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u

export const isEnough = (words: string): boolean => words.length >= FEWEST_LETTERS || SIGNS.test(words)

type Within = { limit: number; course?: MaybeRefOrGetter<string>; only?: HitKind }

/** Finds what is typed, once the typing pauses. What was found before stays until the next answer is there. */
export const useSearch = (typed: Ref<string>, { limit, course, only }: Within) => {
  const within = computed(() => ({ limit, ...(course !== undefined && { course: toValue(course) }), ...(only && { only }) }))
  const words = computed(() => typed.value.trim())
  const asked = refDebounced(words, PAUSE_MS)
  const query = useInfiniteQuery({
    queryKey: ['search', within, asked, isSignedIn],
    queryFn: ({ pageParam }) => client.search.find({ ...within.value, words: asked.value, skip: pageParam }),
    initialPageParam: 0,
    getNextPageParam: ({ isMore }, pages) => {
      const sofar = pages.reduce((sum, { hits }) => sum + hits.length, 0)
      return isMore && sofar <= MOST_SKIPPED ? sofar : undefined
    },
    enabled: () => isEnough(asked.value) && isSignedIn.value !== undefined,
    placeholderData: keepPreviousData,
  })
  const data = computed(() => query.data.value?.pages.flatMap(({ hits }) => hits))
  return {
    words,
    asked,
    list: { data, error: query.error, refetch: query.refetch },
    /** What is shown answers what is typed. */
    isSettled: computed(() => words.value === asked.value && !query.isPlaceholderData.value && data.value !== undefined),
    /** There is no answer to what is typed, and none is awaited. */
    isFailed: computed(() => words.value === asked.value && data.value === undefined && query.error.value !== null),
    hasMore: query.hasNextPage,
    isMoving: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
  }
}
