import { useToast } from '@nuxt/ui/composables'
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import type { Explanation } from '#contract/grants.ts'
import { client } from '../../lib/api.ts'

export type Change = { kind: 'give'; until: string | undefined; note: string } | { kind: 'end'; note: string }

/** Gives somebody a course or ends their access; what every page knew of it is asked anew. */
export const useAccessChange = (of: () => Pick<Explanation, 'person' | 'course'>, onDone: () => void) => {
  const { t } = useI18n()
  const toast = useToast()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (change: Change) => {
      const at = { email: of().person.email, course: of().course.id, note: change.note }
      return change.kind === 'end' ? client.grants.end(at) : client.grants.give({ ...at, ...(change.until !== undefined && { until: change.until }) })
    },
    onSuccess: async (_, { kind }) => {
      const values = { name: of().person.name, course: of().course.title }
      onDone()
      await Promise.all([cache.invalidateQueries({ queryKey: ['grants'] }), cache.invalidateQueries({ queryKey: ['learning'] })])
      toast.add({ title: kind === 'give' ? t('access.given', values) : t('access.ended', values), icon: 'i-lucide-check', color: 'success' })
    },
    // Somebody else was quicker: what is shown is no longer so.
    onError: () => cache.invalidateQueries({ queryKey: ['grants'] }),
  })
}
