import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import type { CertificateRules } from '#contract/certificates.ts'
import { client } from '../../lib/api.ts'
import { usePages } from '../money/usePages.ts'

// Always fresh: one may just have been issued.
export const useMyCertificates = () => useQuery({ queryKey: ['certificates', 'mine'], queryFn: () => client.certificates.mine({}), staleTime: 0 })

export const useCertificate = (id: () => string) =>
  useQuery({ queryKey: ['certificates', 'certificate', id], queryFn: () => client.certificates.certificate({ certificate: id() }), staleTime: 0 })

export const useClaim = () => {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (course: string) => client.certificates.claim({ course }),
    onSettled: () => cache.invalidateQueries({ queryKey: ['certificates', 'mine'] }),
  })
}

/** What a teacher does about certificates of one course. */
export const useCertificateRules = (course: string) => {
  const cache = useQueryClient()
  const queryKey = ['certificates', 'rules', course]
  const query = useQuery({ queryKey, queryFn: () => client.certificates.rules({ course }) })
  const save = useMutation({
    mutationFn: (rules: CertificateRules) => client.certificates.putRules({ course, ...rules }),
    onSuccess: (rules) => cache.setQueryData(queryKey, rules),
  })
  return { query, save }
}

export const useIssued = (course: string) =>
  usePages(['certificates', 'issued', course], async (page) => {
    const { certificates, next } = await client.certificates.issued({ course, ...(page !== undefined && { page }) })
    return { rows: certificates, next }
  })

/** Revoking a certificate, with the reason that everybody may read, and taking that back. */
export const useRevoking = (course: string) => {
  const cache = useQueryClient()
  const onSettled = () => cache.invalidateQueries({ queryKey: ['certificates', 'issued', course] })
  const revoke = useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) => client.certificates.revoke({ certificate: id, reason }),
    onSettled,
  })
  const reinstate = useMutation({ mutationFn: (id: string) => client.certificates.reinstate({ certificate: id }), onSettled })
  return { revoke, reinstate }
}
