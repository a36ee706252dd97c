import { useToast } from '@nuxt/ui/composables'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import type { KindOfAlert } from '#contract/alerts.ts'
import { client, wordsOf } from '../../lib/api.ts'

const DAY_MS = 24 * 3600_000
/** For how long a kind may be silenced from the page. */
export const SILENCES = [1, 7, 30] as const

type Kind = KindOfAlert['kind']

/** What wants attention, kind by kind, and which kinds the owner wants no letters about. */
export const useAlerts = () => {
  const { t } = useI18n()
  const toast = useToast()
  const cache = useQueryClient()
  const deed = <T>(act: (input: T) => Promise<unknown>, done: string) =>
    useMutation({
      mutationFn: act,
      onSuccess: async () => {
        toast.add({ title: done, icon: 'i-lucide-check', color: 'success' })
        await cache.invalidateQueries({ queryKey: ['alerts'] })
      },
      onError: (error) => void toast.add({ title: t('running.alerts.failed'), description: wordsOf(error), icon: 'i-lucide-circle-alert', color: 'error' }),
    })
  return {
    query: useQuery({ queryKey: ['alerts', 'list'], queryFn: () => client.alerts.list({}) }),
    silence: deed(
      ({ kind, days }: { kind: Kind; days: number }) => client.alerts.silence({ kind, until: new Date(Date.now() + days * DAY_MS).toISOString() }),
      t('running.alerts.silenced'),
    ),
    unsilence: deed((kind: Kind) => client.alerts.unsilence({ kind }), t('running.alerts.unsilenced')),
  }
}
