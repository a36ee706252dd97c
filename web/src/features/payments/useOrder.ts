import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, shallowRef, watch } from 'vue'
import type { Order } from '#contract/payments.ts'
import { client } from '../../lib/api.ts'

const SOON_MS = 1_500
const LATER_MS = 5_000
/** After this long without news the page says that it takes longer than usual. */
const LONG_MS = 30_000

const isSettled = ({ state }: Order): boolean => state !== 'waiting' && state !== 'open'

/** An order, asked for again until it is settled. */
export const useOrder = (id: () => string) => {
  const cache = useQueryClient()
  const since = Date.now()
  const asked = shallowRef(0)
  const isLong = computed(() => asked.value - since > LONG_MS)
  const key = ['payments', 'order', id]
  const query = useQuery({
    queryKey: key,
    queryFn: () => {
      asked.value = Date.now()
      return client.payments.order({ order: id() })
    },
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => (data && isSettled(data) ? false : isLong.value || data?.state === 'waiting' ? LATER_MS : SOON_MS),
  })

  watch(
    () => query.data.value?.state,
    (state) => {
      if (state === 'paid' || state === 'refunded') void cache.invalidateQueries({ queryKey: ['learning'] })
    },
  )

  const isRetrying = shallowRef(false)
  const failure = shallowRef<unknown>()

  /** Asks the provider once more; answers the order as it is then. */
  const retry = async (): Promise<Order | undefined> => {
    isRetrying.value = true
    failure.value = undefined
    try {
      const order = await client.payments.retry({ order: id() })
      cache.setQueryData(['payments', 'order', id()], order)
      return order
    } catch (error) {
      failure.value = error
      return undefined
    } finally {
      isRetrying.value = false
    }
  }

  return { query, isLong, retry, isRetrying, failure }
}
