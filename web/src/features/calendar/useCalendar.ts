import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import type { CalendarEntry } from '#contract/calendar.ts'
import { MOST_SESSION_MINUTES } from '#contract/live.ts'
import { client } from '../../lib/api.ts'
import { firstWeekday, weeksOf } from './month.ts'

/** What has a time in one month, and in the days of other months its weeks touch. */
export const useMonth = (month: MaybeRefOrGetter<Date>, locale: MaybeRefOrGetter<string>) => {
  const weeks = computed(() => weeksOf(toValue(month), firstWeekday(toValue(locale))))
  const range = computed(() => {
    const [first, last] = [weeks.value[0]?.[0]?.date ?? toValue(month), weeks.value.at(-1)?.at(-1)?.date ?? toValue(month)]
    return { from: first.toISOString(), to: new Date(last.getFullYear(), last.getMonth(), last.getDate() + 1).toISOString() }
  })
  const query = useQuery({ queryKey: ['calendar', 'mine', range], queryFn: () => client.calendar.mine(range.value) })
  return { weeks, query }
}

const SOON_DAYS = 28
const MINUTE_MS = 60_000

/** What has a time in the next four weeks. A session that is going on may have begun as long ago as one can last. */
export const useComing = () => {
  const from = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  const range = { from: new Date(from - MOST_SESSION_MINUTES * MINUTE_MS).toISOString(), to: new Date(from + SOON_DAYS * 24 * 60 * MINUTE_MS).toISOString() }
  const isAhead = ({ at, minutes = 0 }: CalendarEntry): boolean => Date.parse(at) + minutes * MINUTE_MS > from
  return useQuery({
    queryKey: ['calendar', 'mine', 'coming'],
    queryFn: async () => ({ entries: (await client.calendar.mine(range)).entries.filter(isAhead) }),
  })
}

/** The address that other programs read my calendar from. */
export const useFeed = () => {
  const cache = useQueryClient()
  const queryKey = ['calendar', 'feed']
  const query = useQuery({ queryKey, queryFn: () => client.calendar.feed({}) })
  const making = useMutation({ mutationFn: () => client.calendar.makeFeed({}), onSuccess: (feed) => cache.setQueryData(queryKey, feed) })
  const closing = useMutation({ mutationFn: () => client.calendar.removeFeed({}), onSuccess: () => cache.setQueryData(queryKey, {}) })
  return { query, making, closing }
}
