import { QueryClient, type VueQueryPluginOptions } from '@tanstack/vue-query'
import { refusalOf } from './api.ts'

const MOST_RETRIES = 2

// A refusal stays one however often one asks; faults and lost connections are worth another try.
const isWorthRetrying = (count: number, error: unknown): boolean => count < MOST_RETRIES && ['fault', 'offline'].includes(refusalOf(error))

/** For what outlives the component that began it, such as an upload; components use `useQueryClient()`. */
export const queryClient = new QueryClient({ defaultOptions: { queries: { retry: isWorthRetrying, staleTime: 30_000, refetchOnWindowFocus: false } } })

export const queryOptions: VueQueryPluginOptions = { queryClient }
