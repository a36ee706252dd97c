import { useQueryClient } from '@tanstack/vue-query'
import { useEventListener } from '@vueuse/core'
import { shallowRef } from 'vue'
import { useRouter } from 'vue-router'
import type { Money } from '#contract/base.ts'
import { client, refusalOf } from '../../lib/api.ts'
import { signUp } from '../../lib/session.ts'
import { isSignedIn } from '../../lib/tokens.ts'
import { shownText } from './shown.ts'
import type { Basket } from './useQuote.ts'

/** Comes back in the address after signing up: what was begun goes on by itself, at the price that was shown. */
export const GO_ON = 'enrol'

const ABOUT_PRICE = new Set<string>(['price-changed', 'coupon-refused', 'not-for-sale'])

export type Wanted = Basket & {
  shown: Money
  coupon?: string | undefined
  /** Where to come back to after signing up, with what else that page needs to know. */
  path: string
  query?: Record<string, string>
}

/** Ordering something: through the provider's checkout page where there is something to pay. */
export const useOrdering = () => {
  const router = useRouter()
  const cache = useQueryClient()
  const isBusy = shallowRef(false)
  const failure = shallowRef<unknown>()

  // Coming back by the browser's own button shows the page as it was left.
  useEventListener('pageshow', ({ persisted }) => {
    if (persisted) isBusy.value = false
  })

  /** Answers whether the browser is about to leave. */
  const place = async ({ item, recipient, shown, coupon }: Wanted): Promise<boolean> => {
    const order = await client.payments.checkout({ item, recipient, currency: shown.currency, shown, ...(coupon !== undefined && { coupon }) })
    if (order.state === 'open' && order.checkoutUrl) {
      location.assign(order.checkoutUrl)
      return true
    }
    await router.push(`/orders/${order.id}`)
    return false
  }

  const begin = async (wanted: Wanted): Promise<boolean> => {
    if (isSignedIn.value) return place(wanted)
    const { path, query, shown, coupon } = wanted
    await signUp(`${path}?${new URLSearchParams({ [GO_ON]: shownText(shown), ...query, ...(coupon !== undefined && { coupon }) })}`)
    return true
  }

  // Stays busy when the browser is about to leave for the checkout: the button must not wake up again.
  const order = async (wanted: Wanted): Promise<void> => {
    isBusy.value = true
    failure.value = undefined
    try {
      isBusy.value = await begin(wanted)
    } catch (error) {
      const refusal = refusalOf(error)
      // Nothing has been ordered: what it costs, or whether it is theirs, is looked up again before anything is said.
      if (ABOUT_PRICE.has(refusal)) await cache.invalidateQueries({ queryKey: ['payments', 'quote'] })
      if (refusal === 'already-enrolled') await cache.invalidateQueries({ queryKey: ['learning'] })
      isBusy.value = false
      failure.value = error
    }
  }

  return { order, isBusy, failure }
}
