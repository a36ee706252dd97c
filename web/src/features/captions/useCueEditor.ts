import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { useEventListener } from '@vueuse/core'
import { shallowRef, watch } from 'vue'
import type { Captions, CaptionTrack } from '#contract/captions.ts'
import type { Cue } from '#contract/cues.ts'
import { client, refusalOf } from '../../lib/api.ts'
import { cueSteps } from './cue-steps.ts'
import { captionsKey } from './useCaptionsDesk.ts'
import { useCueSaving } from './useCueSaving.ts'

/** What is there; nothing yet where somebody begins to type. */
const read = async (video: string, language: string): Promise<Captions | { track: undefined; cues: Cue[] }> => {
  try {
    return await client.captions.read({ video, language })
  } catch (error) {
    if (refusalOf(error) === 'not-found') return { track: undefined, cues: [] }
    throw error
  }
}

/** One language's captions while they are edited: nothing is stored before it is saved, and every step can be undone. */
export const useCueEditor = (video: string, language: string) => {
  const cache = useQueryClient()
  const steps = cueSteps()
  const track = shallowRef<CaptionTrack>()
  // Asked for once, and kept from every refetch but ours: it would lay the stored cues over the edited ones.
  const query = useQuery({
    queryKey: captionsKey(video, language),
    queryFn: () => read(video, language),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnReconnect: false,
    // What is brought back is laid out anew, also where it is what was loaded at first.
    structuralSharing: false,
  })
  watch(
    query.data,
    (data) => {
      if (!data) return
      track.value = data.track
      steps.load(data.cues)
    },
    { immediate: true },
  )
  const reloadDesk = () => cache.invalidateQueries({ queryKey: captionsKey(video, 'all') })
  const settle = (now: CaptionTrack): void => {
    track.value = now
    void reloadDesk()
  }
  const reload = async (): Promise<void> => {
    saving.forget()
    void reloadDesk()
    await query.refetch()
  }
  const saving = useCueSaving({ video, language, steps, track, settle, reload })

  useEventListener(window, 'beforeunload', (event) => {
    if (steps.isChanged.value) event.preventDefault()
  })

  return { ...steps, ...saving, query, track, reload }
}
export type CueEditor = ReturnType<typeof useCueEditor>
