import { useToast } from '@nuxt/ui/composables'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import type { Seats } from '#contract/seats.ts'
import { client, wordsOf } from '../../lib/api.ts'

const LOOK_MS = 20_000

/** The seats of an order of mine, where it has any. */
export const useSeatsOf = (order: () => string, isAsked: () => boolean) =>
  useQuery({
    queryKey: ['seats', 'order', order],
    queryFn: () => client.seats.ofOrder({ order: order() }),
    enabled: isAsked,
    refetchInterval: LOOK_MS,
  })

/** The seats of an order of mine: who sits, a new link, a seat taken back, a letter. */
export const useSeats = (order: () => string) => {
  const { t } = useI18n()
  const toast = useToast()
  const cache = useQueryClient()
  const query = useSeatsOf(order, () => true)

  const show = (seats: Seats) => cache.setQueryData(['seats', 'order', order()], seats)
  const failed = (error: unknown) => toast.add({ title: t('seats.failed'), description: wordsOf(error), icon: 'i-lucide-circle-alert', color: 'error' })

  const renewing = useMutation({ mutationFn: () => client.seats.renew({ order: order() }), onSuccess: show, onError: failed })
  const freeing = useMutation({ mutationFn: (person: string) => client.seats.free({ order: order(), person }), onSuccess: show, onError: failed })
  const sending = useMutation({
    mutationFn: (to: string) => client.seats.remind({ order: order(), to }),
    onSuccess: async (_, to) => {
      toast.add({ title: t('seats.sent', { to }), icon: 'i-lucide-mail-check', color: 'success' })
      await cache.invalidateQueries({ queryKey: ['seats', 'order', order()] })
    },
    onError: failed,
  })
  return { query, renewing, freeing, sending }
}
