import { useMutation, useQuery } from '@tanstack/vue-query'
import { useDebounceFn } from '@vueuse/core'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Work } from '#contract/assignments.ts'
import { client } from '../../lib/api.ts'
import { queryClient } from '../../lib/query.ts'
import type { SaveState } from '../courses/changes.ts'
import { useSaveOnLeave } from '../courses/useSaveOnLeave.ts'

const PAUSE_MS = 1500
const workKey = (lesson: string): string[] => ['assignments', 'open', lesson]

export const keepWork = (lesson: string, work: Work): void => {
  queryClient.setQueryData(workKey(lesson), work)
}

/** What is written is kept by the school a moment after the last key, and however the page is left. */
const useKeeping = (lesson: string, work: () => Work | undefined) => {
  const text = ref('')
  const kept = ref('')
  const state = shallowRef<SaveState>('saved')
  const mayWrite = computed(() => ['writing', 'returned'].includes(work()?.state ?? '') && work()?.isStaff === false)
  watch(
    () => work()?.draft.text,
    (stored) => {
      // What is being typed here is newer than whatever was read.
      if (stored === undefined || text.value !== kept.value) return
      text.value = stored
      kept.value = stored
    },
    { immediate: true },
  )
  const keep = async (): Promise<void> => {
    const wanted = text.value
    if (wanted === kept.value || !mayWrite.value) return
    state.value = 'saving'
    try {
      await client.assignments.keep({ lesson, text: wanted }, { context: { isParting: document.visibilityState === 'hidden' } })
      kept.value = wanted
      state.value = 'saved'
    } catch {
      state.value = 'failed'
    }
  }
  const keepSoon = useDebounceFn(keep, PAUSE_MS)
  useSaveOnLeave(() => void keep())
  watch(text, () => void keepSoon())
  return { text, kept, saveState: state, keep, mayWrite }
}

/** An assignment as its learner works on it. */
export const useWork = (lesson: string) => {
  const query = useQuery({ queryKey: workKey(lesson), queryFn: () => client.assignments.open({ lesson }), staleTime: 0 })
  const keeping = useKeeping(lesson, () => query.data.value)
  const handing = useMutation({
    mutationFn: () => client.assignments.handIn({ lesson, text: keeping.text.value }),
    onSuccess: (work) => {
      keeping.kept.value = keeping.text.value
      keepWork(lesson, work)
    },
  })
  return { query, handing, ...keeping }
}
