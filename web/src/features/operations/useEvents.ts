import { useToast } from '@nuxt/ui/composables'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import { client, wordsOf } from '../../lib/api.ts'

const KEY = ['operations', 'deadLetters']

type Which = { event: string; listener: string }

/** What the school gave up telling itself, whatever it is about. */
export const useEvents = () => {
  const { t } = useI18n()
  const toast = useToast()
  const cache = useQueryClient()
  const deed = (act: (which: Which) => Promise<unknown>, done: string) =>
    useMutation({
      mutationFn: act,
      onSuccess: async () => {
        toast.add({ title: done, icon: 'i-lucide-check', color: 'success' })
        // The desk of money counts them too.
        await Promise.all(['operations', 'money'].map((key) => cache.invalidateQueries({ queryKey: [key] })))
      },
      onError: (error) => void toast.add({ title: t('running.events.failed'), description: wordsOf(error), icon: 'i-lucide-circle-alert', color: 'error' }),
    })
  return {
    query: useQuery({ queryKey: KEY, queryFn: async () => (await client.operations.deadLetters({})).letters }),
    replay: deed((which) => client.operations.replay(which), t('running.events.replayed')),
    discard: deed((which) => client.operations.discard(which), t('running.events.discarded')),
  }
}
