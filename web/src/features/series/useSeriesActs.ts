import { useMutation } from '@tanstack/vue-query'
import { computed } from 'vue'
import { client } from '../../lib/api.ts'
import { saidOf } from './refusals.ts'
import { useReload } from './useSeries.ts'

export type SeriesAct = 'pause' | 'resume' | 'remove'

/** What one can do with a series as a whole. */
export const useSeriesActs = (onRemoved: () => void) => {
  const reload = useReload()
  const acting = useMutation({
    mutationFn: async ({ act, series }: { act: SeriesAct; series: string }): Promise<SeriesAct> => {
      await client.series[act]({ series })
      return act
    },
    onSuccess: (act) => {
      if (act === 'remove') onRemoved()
    },
    onSettled: reload,
  })
  return {
    act: (act: SeriesAct, series: string) => acting.mutate({ act, series }),
    isDoing: (act: SeriesAct) => acting.isPending.value && acting.variables.value?.act === act,
    refusal: computed(() => (acting.error.value ? saidOf(acting.error.value) : '')),
  }
}
