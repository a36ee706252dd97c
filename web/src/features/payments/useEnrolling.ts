import { useQueryClient } from '@tanstack/vue-query'
import { useEventListener } from '@vueuse/core'
import { shallowRef } from 'vue'
import { useRouter } from 'vue-router'
import type { Money } from '#contract/base.ts'
import { client, refusalOf } from '../../lib/api.ts'
import { signUp } from '../../lib/session.ts'
import { isSignedIn } from '../../lib/tokens.ts'

export type ForSale = { id: string; slug: string; price: Money }

/** Comes back in the address after signing up, and says that what was begun should go on by itself. */
export const GO_ON = 'enrol'

/** Getting into a course: for nothing at once, for money through an order and the provider's checkout page. */
export const useEnrolling = () => {
  const router = useRouter()
  const cache = useQueryClient()
  const isBusy = shallowRef(false)
  const failure = shallowRef<unknown>()

  // Coming back by the browser's own button shows the page as it was left.
  useEventListener(window, 'pageshow', ({ persisted }) => {
    if (persisted) isBusy.value = false
  })

  const enrolFree = async (course: ForSale) => {
    await client.learning.enrol({ course: course.id })
    await cache.invalidateQueries({ queryKey: ['learning'] })
  }

  const order = async (course: ForSale) => {
    const item = { kind: 'course' as const, course: course.id }
    const { id, state, checkoutUrl } = await client.payments.checkout({ item, currency: course.price.currency, shown: course.price })
    if (state === 'open' && checkoutUrl) location.assign(checkoutUrl)
    else await router.push(`/orders/${id}`)
    return state === 'open'
  }

  // Stays busy when the browser is about to leave for the checkout: the button must not wake up again.
  const begin = async (course: ForSale): Promise<boolean> => {
    if (!isSignedIn.value) {
      await signUp(`/courses/${course.slug}?${GO_ON}=1`)
      return true
    }
    if (course.price.amountMinor > 0) return order(course)
    await enrolFree(course)
    return false
  }

  const enrol = async (course: ForSale): Promise<void> => {
    isBusy.value = true
    failure.value = undefined
    try {
      isBusy.value = await begin(course)
    } catch (error) {
      isBusy.value = false
      if (refusalOf(error) === 'already-enrolled') await cache.invalidateQueries({ queryKey: ['learning'] })
      else failure.value = error
    }
  }

  return { enrol, isBusy, failure }
}
