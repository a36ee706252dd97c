import { useToast } from '@nuxt/ui/composables'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import type { Delivery, WebhookEvent } from '#contract/webhooks.ts'
import { client, wordsOf } from '../../lib/api.ts'

const KEY = ['webhooks']
const LOOK_AGAIN_MS = 3000

export type WebhookWanted = { url: string; events: WebhookEvent[] }

const useTrouble = () => {
  const { t } = useI18n()
  const toast = useToast()
  return (error: unknown) => void toast.add({ title: t('webhooks.failed'), description: wordsOf(error), icon: 'i-lucide-circle-alert', color: 'error' })
}

/** `onSecret` is given what nobody is told again. */
export const useWebhooks = (isEnabled: () => boolean, onSecret: (secret: string) => void) => {
  const cache = useQueryClient()
  const onError = useTrouble()
  const onSettled = () => cache.invalidateQueries({ queryKey: KEY })
  const told = ({ secret }: { secret: string }) => onSecret(secret)
  return {
    query: useQuery({ queryKey: [...KEY, 'all'], queryFn: () => client.webhooks.list({}), enabled: isEnabled, staleTime: 0 }),
    making: useMutation({ mutationFn: (wanted: WebhookWanted) => client.webhooks.create(wanted), onSuccess: told, onSettled }),
    changing: useMutation({
      mutationFn: (wanted: Partial<WebhookWanted> & { webhook: string; isOn?: boolean }) => client.webhooks.change(wanted),
      onError,
      onSettled,
    }),
    renewing: useMutation({ mutationFn: (webhook: string) => client.webhooks.renewSecret({ webhook }), onSuccess: told, onError, onSettled }),
    removing: useMutation({ mutationFn: (webhook: string) => client.webhooks.remove({ webhook }), onError, onSettled }),
  }
}

const isFirstTry = ({ state, attempts }: Delivery): boolean => state === 'waiting' && attempts === 0

/** What a webhook was told. While something is told for the first time, it is looked at again and again. */
export const useDeliveries = (webhook: string) => {
  const cache = useQueryClient()
  const onError = useTrouble()
  const onSettled = () => cache.invalidateQueries({ queryKey: KEY })
  return {
    query: useQuery({
      queryKey: [...KEY, webhook],
      queryFn: () => client.webhooks.deliveries({ webhook }),
      staleTime: 0,
      refetchInterval: ({ state }) => (state.data?.deliveries.some(isFirstTry) ? LOOK_AGAIN_MS : false),
    }),
    testing: useMutation({ mutationFn: () => client.webhooks.test({ webhook }), onError, onSettled }),
    replaying: useMutation({ mutationFn: (delivery: string) => client.webhooks.replay({ webhook, delivery }), onError, onSettled }),
  }
}
