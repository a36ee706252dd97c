import { useQuery } from '@tanstack/vue-query'
import { computed, ref } from 'vue'
import { client } from '../../lib/api.ts'
import { downloadText } from '../../lib/download.ts'
import { usePages } from '../money/usePages.ts'
import { useSaid } from '../money/useSaid.ts'

const dayAfter = (day: string): string => new Date(Date.parse(`${day}T00:00:00`) + 24 * 3_600_000).toISOString()

/** What is asked for stands in the address, days as the reader's own. */
export const useAudit = () => {
  const said = { person: useSaid<string>('person'), act: useSaid<string>('act'), from: useSaid<string>('from'), to: useSaid<string>('to') }
  const wanted = computed(() => ({
    ...(said.person.value !== undefined && { person: said.person.value }),
    ...(said.act.value !== undefined && { act: said.act.value }),
    ...(said.from.value !== undefined && { from: new Date(`${said.from.value}T00:00:00`).toISOString() }),
    ...(said.to.value !== undefined && { to: dayAfter(said.to.value) }),
  }))
  const pages = usePages(['audit', 'acts', wanted], async (page) => {
    const { acts, next } = await client.audit.list({ ...wanted.value, ...(page !== undefined && { page }) })
    return { rows: acts, next }
  })
  const kinds = useQuery({ queryKey: ['audit', 'kinds'], queryFn: () => client.audit.kinds({}), staleTime: Number.POSITIVE_INFINITY })
  const isSaving = ref(false)
  const save = async (): Promise<void> => {
    isSaving.value = true
    try {
      const { fileName, csv } = await client.audit.table(wanted.value)
      downloadText(fileName, csv, 'text/csv;charset=utf-8')
    } finally {
      isSaving.value = false
    }
  }
  return { ...pages, isAsked: computed(() => Object.keys(wanted.value).length > 0), kinds: computed(() => kinds.data.value?.kinds ?? []), isSaving, save }
}
