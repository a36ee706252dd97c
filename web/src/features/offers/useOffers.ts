import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { client } from '../../lib/api.ts'
import type { OfferWanted } from './offer-draft.ts'

const KEY = ['offers', 'list']

/** What the school sells besides single courses, on sale or not. */
export const useOffers = (isEnabled: () => boolean) => useQuery({ queryKey: KEY, queryFn: () => client.offers.list({}), enabled: isEnabled })

/** Makes an offer, or changes the one that is named. */
export const useOfferSaving = (onSaved: () => void) => {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ offer, wanted }: { offer: string | undefined; wanted: OfferWanted }) =>
      offer === undefined ? client.offers.create(wanted) : client.offers.change({ offer, ...wanted }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: KEY })
      onSaved()
    },
  })
}
