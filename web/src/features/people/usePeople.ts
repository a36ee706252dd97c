import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { type MaybeRefOrGetter, toValue } from 'vue'
import type { WholePerson } from '#contract/people.ts'
import type { Role } from '#contract/roles.ts'
import { client } from '../../lib/api.ts'
import { usePages } from '../money/usePages.ts'

/** Roles that tell people apart; everybody learns. */
export const STAFF_ROLES = ['owner', 'admin', 'support', 'instructor'] as const satisfies readonly Role[]
export type StaffRole = (typeof STAFF_ROLES)[number]

/** The highest first; what it brings with it goes without saying. */
export const chipsOf = (roles: readonly Role[]): Role[] => {
  const [first, ...rest] = STAFF_ROLES.filter((role) => roles.includes(role))
  if (first === undefined) return ['learner']
  return first === 'owner' || first === 'admin' ? [first] : [first, ...rest]
}

type Asked = { search: MaybeRefOrGetter<string>; role: MaybeRefOrGetter<StaffRole | 'all'> }

/** The people of the school, page by page. */
export const usePeople = ({ search, role }: Asked) =>
  usePages(['people', 'list', search, role], async (page) => {
    const [words, wanted] = [toValue(search), toValue(role)]
    const { people, next } = await client.people.list({
      ...(words !== '' && { search: words }),
      ...(wanted !== 'all' && { role: wanted }),
      ...(page !== undefined && { page }),
    })
    return { rows: people, ...(next !== undefined && { next }) }
  })

export type PersonChangeKind = 'roles' | 'disabled' | 'signed-out'

/** One of them, and what may be done with their account. */
export const usePerson = (person: () => string) => {
  const cache = useQueryClient()
  const query = useQuery({ queryKey: ['people', 'person', person], queryFn: () => client.people.person({ person: person() }), staleTime: 0 })
  const onSuccess = (whole: WholePerson) => {
    cache.setQueryData(['people', 'person', person()], whole)
    void cache.invalidateQueries({ queryKey: ['people', 'list'] })
  }
  return {
    query,
    ruling: useMutation({ mutationFn: (wanted: { roles: Role[]; reason: string }) => client.people.setRoles({ person: person(), ...wanted }), onSuccess }),
    closing: useMutation({
      mutationFn: (wanted: { isDisabled: boolean; reason: string }) => client.people.disable({ person: person(), ...wanted }),
      onSuccess,
    }),
    signingOut: useMutation({ mutationFn: (wanted: { reason: string }) => client.people.signOut({ person: person(), ...wanted }), onSuccess }),
  }
}
