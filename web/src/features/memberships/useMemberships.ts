import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { useEventListener } from '@vueuse/core'
import { computed } from 'vue'
import type { Membership } from '#contract/memberships.ts'
import { client } from '../../lib/api.ts'
import { isSignedIn } from '../../lib/tokens.ts'

const KEY = ['memberships', 'mine']
type Mine = { memberships: Membership[] }

/** My memberships and plans. Looked at again when one comes back to the tab, most likely from the provider’s page. */
export const useMemberships = () =>
  useQuery({ queryKey: KEY, queryFn: () => client.memberships.mine({}), enabled: () => isSignedIn.value === true, staleTime: 0, refetchOnWindowFocus: true })

const OVER = new Set<Membership['state']>(['ended', 'complete'])

/** What I have of an offer already, unless that is over. */
export const useMembershipIn = (offer: () => string) => {
  const { data, isLoading } = useMemberships()
  return {
    membership: computed(() => data.value?.memberships.find((each) => each.offer === offer() && !OVER.has(each.state))),
    isUnknown: computed(() => isSignedIn.value === undefined || isLoading.value),
  }
}

/** A change of one of my memberships: what it answers is shown at once. */
export const useMembershipAct = (act: (membership: string) => Promise<Membership>) => {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: async (changed) => {
      cache.setQueryData<Mine>(KEY, (mine) => mine && { memberships: mine.memberships.map((each) => (each.id === changed.id ? changed : each)) })
      await cache.invalidateQueries({ queryKey: ['learning'] })
    },
    // Somebody else, or the provider, may have changed it meanwhile.
    onError: () => cache.invalidateQueries({ queryKey: KEY }),
  })
}

/** Leaves for the provider’s page for cards and invoices; stays busy until the browser has left. */
export const usePortal = () => {
  const portal = useMutation({
    mutationFn: async (membership: string) => {
      const { url } = await client.memberships.portal({ membership })
      location.assign(url)
    },
  })
  useEventListener('pageshow', ({ persisted }) => {
    if (persisted) portal.reset()
  })
  return { ...portal, isLeaving: computed(() => portal.isPending.value || portal.isSuccess.value) }
}
