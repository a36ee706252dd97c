import { useToast } from '@nuxt/ui/composables'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { InvitedRole } from '#contract/joining.ts'
import type { SignInRules } from '#contract/own-account.ts'
import { client, refusalOf, wordsOf } from '../../lib/api.ts'

const [INVITATIONS, RULES] = [
  ['accounts', 'staffInvitations'],
  ['accounts', 'signInRules'],
]

/** Invitations into the staff, and what is asked of it at sign-in; a home whose provider decides that has no rules. */
export const useStaff = () => {
  const { t } = useI18n()
  const toast = useToast()
  const cache = useQueryClient()
  const failed = (error: unknown) => toast.add({ title: t('staff.failed'), description: wordsOf(error), icon: 'i-lucide-circle-alert', color: 'error' })
  const shownAnew = () => cache.invalidateQueries({ queryKey: INVITATIONS })

  const query = useQuery({ queryKey: INVITATIONS, queryFn: () => client.accounts.staffInvitations({}), staleTime: 0 })
  const rules = useQuery({
    queryKey: RULES,
    queryFn: () => client.accounts.signInRules({}).catch((error: unknown) => (refusalOf(error) === 'not-set-up' ? null : Promise.reject(error))),
  })
  const inviting = useMutation({
    mutationFn: (wanted: { email: string; role: InvitedRole }) => client.accounts.inviteStaff(wanted),
    onSuccess: async ({ email }) => {
      toast.add({ title: t('staff.sent', { email }), icon: 'i-lucide-mail-check', color: 'success' })
      await shownAnew()
    },
    onError: failed,
  })
  const withdrawing = useMutation({
    mutationFn: (invitation: string) => client.accounts.withdrawStaffInvitation({ invitation }),
    onSettled: shownAnew,
    onError: failed,
  })
  const ruling = useMutation({
    mutationFn: (wanted: SignInRules) => client.accounts.putSignInRules(wanted),
    onMutate: (wanted) => cache.setQueryData(RULES, wanted),
    onError: failed,
    onSettled: () => cache.invalidateQueries({ queryKey: RULES }),
  })
  const { data: own } = useQuery({ queryKey: ['accounts', 'own'], queryFn: () => client.accounts.own({}) })
  /** Whether whoever sits here would be let in as they are once a second step is asked for. */
  const oneself = computed(() => (own.value?.signIn?.secondFactor.isOn || (own.value?.signIn?.passkeys ?? []).length > 0 ? 'has' : 'lacks'))
  return { query, rules, oneself, inviting, withdrawing, ruling }
}
