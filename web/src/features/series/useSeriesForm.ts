import { useMutation } from '@tanstack/vue-query'
import { computed, onBeforeUnmount, ref, shallowRef } from 'vue'
import type { Series } from '#contract/series.ts'
import { client } from '../../lib/api.ts'
import { ownZone } from './moments.ts'
import { type BriefDraft, briefOf, draftOf, emptyBrief, problemsOf } from './series-draft.ts'
import { saveBrief, useReload } from './useSeries.ts'

/** A brief without the keys of its rows, to tell whether it has been changed. */
const plain = (draft: BriefDraft): string =>
  JSON.stringify({ ...draft, points: draft.points.map(({ text }) => text), sources: draft.sources.map(({ title, url }) => [title, url]) })

/** A series as it is written down: what is typed, what is wrong with it, and saving it. */
export const useSeriesForm = (series: Series | undefined, language: string) => {
  const reload = useReload()
  const draft = ref<BriefDraft>(series ? draftOf(series.brief) : emptyBrief(ownZone(), language))
  const saved = shallowRef(plain(draft.value))
  const isDirty = computed(() => plain(draft.value) !== saved.value)
  const isTried = ref(false)
  /** Known from the first save on: a trial refused after it must not make a second series of the next. */
  const id = shallowRef(series?.id)
  const problems = computed(() => (isTried.value ? problemsOf(draft.value, new Date()) : {}))

  const saving = useMutation({
    mutationFn: async ({ isTrial }: { isTrial: boolean }): Promise<Series | undefined> => {
      isTried.value = true
      const brief = briefOf(draft.value, new Date())
      if (!brief) return undefined
      const sent = plain(draft.value)
      const stored = await saveBrief(id.value, brief)
      saved.value = sent
      id.value = stored.id
      // What was saved stays so when the trial is refused: the run says why.
      if (isTrial) await client.series.start({ series: stored.id, isTrial: true })
      return stored
    },
    onSettled: reload,
  })

  const warn = (event: BeforeUnloadEvent) => {
    if (isDirty.value) event.preventDefault()
  }
  window.addEventListener('beforeunload', warn)
  onBeforeUnmount(() => window.removeEventListener('beforeunload', warn))

  return { id, draft, problems, isDirty, saving }
}
