import { useToast } from '@nuxt/ui/composables'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import type { Scope } from '#contract/scopes.ts'
import { client, wordsOf } from '../../lib/api.ts'

const KEY = ['tokens']

type TokenWanted = { name: string; scopes: Scope[]; days: number }

/** My access tokens. `onMade` is given what the new one is, which nobody is told again. */
export const useTokens = (onMade: (secret: string) => void) => {
  const { t } = useI18n()
  const toast = useToast()
  const cache = useQueryClient()
  const shownAnew = () => cache.invalidateQueries({ queryKey: KEY })
  const query = useQuery({ queryKey: KEY, queryFn: () => client.tokens.list({}), staleTime: 0 })
  const making = useMutation({
    mutationFn: (wanted: TokenWanted) => client.tokens.create(wanted),
    onSuccess: async ({ secret }) => {
      onMade(secret)
      await shownAnew()
    },
  })
  const revoking = useMutation({
    mutationFn: (token: string) => client.tokens.revoke({ token }),
    onError: (error) => toast.add({ title: t('tokens.failed'), description: wordsOf(error), icon: 'i-lucide-circle-alert', color: 'error' }),
    onSettled: shownAnew,
  })
  return { query, making, revoking }
}
