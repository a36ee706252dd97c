import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import type { CouponWanted } from '#contract/offers.ts'
import { client } from '../../lib/api.ts'

/** What a coupon can be for, and where its link leads. */
export type SoldItem = { id: string; title: string; path: string }

const KEY = ['offers', 'coupons']

export const useCoupons = (isEnabled: () => boolean) => useQuery({ queryKey: KEY, queryFn: () => client.offers.coupons({}), enabled: isEnabled })

export const useCouponMaking = (onMade: (code: string) => void) => {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (wanted: CouponWanted) => client.offers.createCoupon(wanted),
    onSuccess: async ({ code }) => {
      await cache.invalidateQueries({ queryKey: KEY })
      onMade(code)
    },
  })
}

export const useCouponStopping = (onFailed: (error: unknown) => void) => {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (code: string) => client.offers.stopCoupon({ code }),
    onError: onFailed,
    onSettled: () => cache.invalidateQueries({ queryKey: KEY }),
  })
}
