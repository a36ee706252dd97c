import { shallowRef } from 'vue'
import type { RouteLocationNormalized } from 'vue-router'
import { storeIn } from './store.ts'

const KEY = 'lectern.coupon'
// Of this tab: it should come back from the checkout page, and not come up again next week.
const kept = storeIn(() => window.sessionStorage)

/** The coupon somebody came with or has typed; it goes with them from page to page. */
export const coupon = shallowRef<string | undefined>(kept.get(KEY))

export const keepCoupon = (code: string): void => {
  coupon.value = code.trim().toUpperCase()
  kept.set(KEY, coupon.value)
}

export const forgetCoupon = (): void => {
  coupon.value = undefined
  kept.remove(KEY)
}

/** Takes up `?coupon=CODE`, on whichever page it stands. */
export const takeCouponFrom = ({ query }: Pick<RouteLocationNormalized, 'query'>): void => {
  const { coupon: code } = query
  if (typeof code === 'string' && code.trim() !== '') keepCoupon(code)
}
