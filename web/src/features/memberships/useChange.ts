import { useQuery } from '@tanstack/vue-query'
import { computed, ref } from 'vue'
import type { Membership } from '#contract/memberships.ts'
import type { Interval, Offer } from '#contract/offers.ts'
import { client } from '../../lib/api.ts'
import { useOffers } from '../../lib/catalogue.ts'
import { pricesIn, yearlySaving } from '../payments/offering.ts'
import { useMembershipAct } from './useMemberships.ts'

type Choice = { key: string; offer: Offer; every: Interval; price: Membership['price']; saving: Membership['price'] | undefined }

const choicesIn = (offer: Offer, currency: string): Choice[] => {
  const prices = pricesIn(offer, currency)
  return prices.flatMap(({ every, price }) =>
    every === 'once' || price.currency !== currency
      ? []
      : [{ key: `${offer.id}.${every}`, offer, every, price, saving: every === 'year' ? yearlySaving(prices) : undefined }],
  )
}

/** To what a membership can be changed, what the chosen one would cost, and the change. */
export const useChange = (membership: () => Membership, isOpen: () => boolean) => {
  const { data } = useOffers()
  const chosenKey = ref<string>()
  const choices = computed(() => {
    const { offer, every, price } = membership()
    const all = (data.value ?? []).filter(({ terms, isOnSale }) => terms.kind === 'membership' && isOnSale).flatMap((each) => choicesIn(each, price.currency))
    return all.filter(({ key }) => key !== `${offer}.${every}`)
  })
  const chosen = computed(() => choices.value.find(({ key }) => key === chosenKey.value))
  const change = computed(() => ({ membership: membership().id, offer: chosen.value?.offer.id ?? '', every: chosen.value?.every ?? ('month' as const) }))
  const preview = useQuery({
    queryKey: ['memberships', 'change', change],
    queryFn: () => client.memberships.previewChange(change.value),
    enabled: () => isOpen() && chosen.value !== undefined,
    staleTime: 0,
  })
  const act = useMembershipAct(() => {
    if (!preview.data.value) throw new Error('Changed without a price.')
    return client.memberships.change({ ...change.value, shown: preview.data.value.dueNow })
  })
  return { choices, chosenKey, chosen, preview, act }
}
