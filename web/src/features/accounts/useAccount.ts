import { useToast } from '@nuxt/ui/composables'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { type InjectionKey, inject, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { client, refusalOf, wordsOf } from '../../lib/api.ts'

const KEY = ['accounts', 'own']

/** Turned on by whatever the school refuses for a sign-in that is no longer fresh; the page asks for another. */
export const STALE: InjectionKey<Ref<boolean>> = Symbol('a sign-in that is no longer fresh')

export const useAccount = () => useQuery({ queryKey: KEY, queryFn: () => client.accounts.own({}), staleTime: 0 })

type Change<I> = {
  act: (input: I) => Promise<unknown>
  /** What is said once it is done; nothing where the page shows it. */
  done?: string
  /** Takes what is to be said beside a field; else it is said in passing. */
  refused?: (error: unknown) => boolean
}

/** A change of one's own account: shown anew when it is done, told when it is refused. */
export const useChange = <I = void>({ act, done, refused }: Change<I>) => {
  const { t } = useI18n()
  const toast = useToast()
  const cache = useQueryClient()
  const isStale = inject(STALE, undefined)
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      if (done !== undefined) toast.add({ title: done, icon: 'i-lucide-check', color: 'success' })
      await cache.invalidateQueries({ queryKey: ['accounts'] })
    },
    onError: (error) => {
      if (refusalOf(error) === 'sign-in-again' && isStale) isStale.value = true
      else if (!refused?.(error)) toast.add({ title: t('account.failed'), description: wordsOf(error), icon: 'i-lucide-circle-alert', color: 'error' })
    },
  })
}
