import { useMutation } from '@tanstack/vue-query'
import { computed, type ShallowRef } from 'vue'
import type { CaptionTrack } from '#contract/captions.ts'
import { client, refusalOf } from '../../lib/api.ts'
import { type CueList, unkeyed } from './cue-list.ts'
import type { CueSteps } from './cue-steps.ts'
import { languageName } from './languages.ts'

/** `conflict`: somebody else has saved since these were loaded. */
export type SaveState = 'saved' | 'unsaved' | 'saving' | 'failed' | 'conflict'

type Options = {
  video: string
  language: string
  steps: CueSteps
  /** What is stored; undefined until there is something. */
  track: ShallowRef<CaptionTrack | undefined>
  settle(track: CaptionTrack): void
  reload(): Promise<void>
}

/** Storing what was edited, showing it to learners, and bringing the version before back. */
export const useCueSaving = ({ video, language, steps, track, settle, reload }: Options) => {
  const saving = useMutation({
    mutationFn: (list: CueList) => {
      const { revision, label = languageName(language) } = track.value ?? {}
      return client.captions.save({ video, language, label, cues: unkeyed(list), ...(revision !== undefined && { revision }) })
    },
    onSuccess: (now, list) => {
      steps.tellSaved(list)
      settle(now)
    },
  })
  const publishing = useMutation({
    mutationFn: async () => {
      const now = steps.isChanged.value || !track.value ? await saving.mutateAsync(steps.cues.value) : track.value
      return client.captions.publish({ video, language, revision: now.revision })
    },
    onSuccess: settle,
  })
  const restoring = useMutation({
    mutationFn: (revision: string) => client.captions.restore({ video, language, revision }),
    onSuccess: reload,
  })

  const mutations = [saving, publishing, restoring]
  const failure = computed(() => mutations.find(({ error }) => error.value)?.error.value ?? undefined)
  const state = computed((): SaveState => {
    if (mutations.some(({ isPending }) => isPending.value)) return 'saving'
    if (failure.value) return refusalOf(failure.value) === 'conflict' ? 'conflict' : 'failed'
    return steps.isChanged.value ? 'unsaved' : 'saved'
  })
  const forget = (): void => {
    for (const mutation of mutations) mutation.reset()
  }
  const isReady = (): boolean => state.value !== 'saving' && steps.faults.value.size === 0

  return {
    ...{ state, failure, forget },
    save: () => {
      if (!isReady() || !steps.isChanged.value) return
      forget()
      saving.mutate(steps.cues.value)
    },
    publish: () => {
      if (!isReady()) return
      forget()
      publishing.mutate()
    },
    restore: () => {
      if (!isReady() || !track.value) return
      forget()
      restoring.mutate(track.value.revision)
    },
  }
}
