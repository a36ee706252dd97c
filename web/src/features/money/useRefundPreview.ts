import { useQuery } from '@tanstack/vue-query'
import { refDebounced } from '@vueuse/core'
import { computed } from 'vue'
import { client } from '../../lib/api.ts'

type Asked = { order: string; payment: string; amountMinor: number }

/** What giving so much back would do, asked once the typing rests. */
export const useRefundPreview = (asked: () => Asked | undefined) => {
  const settled = refDebounced(computed(asked), 250)
  return useQuery({
    queryKey: ['money', 'refund-preview', settled],
    queryFn: () => client.refunds.preview(settled.value ?? { order: '', amountMinor: 0 }),
    enabled: () => settled.value !== undefined,
    staleTime: 0,
    retry: false,
  })
}
