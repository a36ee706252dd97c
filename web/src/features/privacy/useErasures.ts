import { useToast } from '@nuxt/ui/composables'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import { client, wordsOf } from '../../lib/api.ts'

const KEY = ['privacy', 'erasures']

type Wish = Parameters<typeof client.privacy.erase>[0]

/** Who is leaving, and how many have left, for whoever runs the school. */
export const useErasures = () => {
  const { t } = useI18n()
  const toast = useToast()
  const cache = useQueryClient()
  const told = (title: string) => ({
    onSuccess: async () => {
      toast.add({ title, icon: 'i-lucide-check', color: 'success' })
      await cache.invalidateQueries({ queryKey: KEY })
    },
    onError: (error: unknown) =>
      void toast.add({ title: t('running.leaving.failed'), description: wordsOf(error), icon: 'i-lucide-circle-alert', color: 'error' }),
  })
  return {
    query: useQuery({
      queryKey: KEY,
      queryFn: () => client.privacy.erasures({}),
      refetchInterval: ({ state: { data } }) => (data?.erasures.some(({ state }) => state === 'running') ? 3000 : false),
    }),
    erasing: useMutation({ mutationFn: (wish: Wish) => client.privacy.erase(wish), ...told(t('running.leaving.begun')) }),
    sparing: useMutation({ mutationFn: (erasure: string) => client.privacy.spare({ erasure }), ...told(t('running.leaving.spared')) }),
  }
}
