import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import type { InboxState, News } from '#contract/money.ts'
import type { OrderState } from '#contract/payments.ts'
import { client } from '../../lib/api.ts'
import { usePages } from './usePages.ts'

const optional = <K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> => (value === undefined ? {} : ({ [key]: value } as Record<K, V>))

export const useOverview = () => useQuery({ queryKey: ['money', 'overview'], queryFn: () => client.money.overview({}), staleTime: 0 })

export type Overview = Awaited<ReturnType<typeof client.money.overview>>

export const useRevenue = () => useQuery({ queryKey: ['money', 'revenue'], queryFn: () => client.money.revenue({ months: 12 }) })

export const WORRIES = ['disputed', 'warned'] as const
type Sought = { [K in 'email' | 'receipt']: Ref<string | undefined> } & { state: Ref<OrderState | undefined>; worry: Ref<(typeof WORRIES)[number] | undefined> }

export const useOrders = ({ state, email, receipt, worry }: Sought) =>
  usePages(['money', 'orders', state, email, receipt, worry], async (page) => {
    const named = { ...optional('email', email.value), ...optional('receipt', receipt.value) }
    const { orders, next } = await client.money.orders({
      ...named,
      ...optional('state', state.value),
      ...optional('worry', worry.value),
      ...optional('page', page),
    })
    return { rows: orders, next }
  })

export const useLatestOrders = () =>
  useQuery({ queryKey: ['money', 'orders', 'latest'], queryFn: async () => (await client.money.orders({})).orders.slice(0, 6) })

export const useOrder = (id: Ref<string>) =>
  useQuery({ queryKey: ['money', 'order', id], queryFn: () => client.money.order({ order: id.value }), staleTime: 0 })

export const useMembers = () =>
  usePages(['money', 'memberships'], async (page) => {
    const { memberships, next } = await client.money.memberships(optional('page', page))
    return { rows: memberships, next }
  })

export type Counts = Awaited<ReturnType<typeof client.money.inbox>>['counts']

export const useInbox = (state: Ref<InboxState>, onCounted: (counts: Counts) => void) =>
  usePages<News>(['money', 'inbox', state], async (page) => {
    const { news, next, counts } = await client.money.inbox({ state: state.value, ...optional('page', page) })
    onCounted(counts)
    return { rows: news, next }
  })

export const useNews = (id: Ref<string | undefined>) =>
  useQuery({ queryKey: ['money', 'news', id], queryFn: () => client.money.news({ news: id.value ?? '' }), enabled: () => id.value !== undefined })

/** Does something about money; whatever any of its pages knew is asked anew. */
export const useDeed = <I, O>(act: (input: I) => Promise<O>, onDone: (answer: O) => void = () => undefined) => {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: onDone,
    onSettled: () => cache.invalidateQueries({ queryKey: ['money'] }),
  })
}

const POLL_MS = 1500

/** The comparison of payments and access; asked again by itself while one is under way. */
export const useReport = () =>
  useQuery({
    queryKey: ['money', 'report'],
    queryFn: () => client.money.report({}),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.isRunning ? POLL_MS : false),
  })
