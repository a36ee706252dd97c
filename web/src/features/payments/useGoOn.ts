import { watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Money } from '#contract/base.ts'
import { coupon } from '../../lib/coupon.ts'
import { isSignedIn } from '../../lib/tokens.ts'
import { shownIn } from './shown.ts'
import { GO_ON } from './useOrdering.ts'

/** After signing up the order goes on by itself, at the price that was shown before: where that has changed, it is asked again. */
export const useGoOn = (isReady: () => boolean, order: (shown: Money, coupon: string | undefined) => Promise<void>): void => {
  const route = useRoute()
  const router = useRouter()
  watch(
    [isReady, isSignedIn],
    async ([ready]) => {
      const { [GO_ON]: text, for: others, ...query } = route.query
      // Gifts and teams are looked at once more: their dialog opens again.
      if (!ready || !isSignedIn.value || text === undefined || others !== undefined) return
      const shown = shownIn(text)
      await router.replace({ query })
      if (shown) await order(shown, typeof query['coupon'] === 'string' ? coupon.value : undefined)
    },
    { immediate: true },
  )
}
