import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { client } from '../../lib/api.ts'
import { isSignedIn } from '../../lib/tokens.ts'
import { useMemberships } from '../memberships/useMemberships.ts'

/** My orders. Always fresh: one comes here from a payment. */
export const useOrders = () =>
  useQuery({ queryKey: ['payments', 'mine'], queryFn: () => client.payments.mine({}), enabled: () => isSignedIn.value === true, staleTime: 0 })

/** Orders of mine, and what they opened to me, that wait for what my bank decides. */
export const useOnHold = () => {
  const { data, isLoading } = useOrders()
  const { data: mine, isLoading: isLoadingMemberships } = useMemberships()
  const paused = computed(() => (mine.value?.memberships ?? []).filter(({ state }) => state === 'paused'))
  const orders = computed(() =>
    (data.value?.orders ?? [])
      .filter(({ dispute, recipient }) => dispute === 'waits' && recipient.kind === 'me')
      // What a membership opens is its offer's to say.
      .map(({ id, item, title, courses }) => ({
        ...{ id, title, offer: item.kind === 'offer' ? item.offer : undefined },
        courses: paused.value.find(({ order }) => order === id)?.courses ?? courses,
      })),
  )
  return { orders, isUnknown: computed(() => isLoading.value || isLoadingMemberships.value) }
}
