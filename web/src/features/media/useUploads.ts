import { type ComputedRef, computed } from 'vue'
import { client } from '../../lib/api.ts'
import { queryClient } from '../../lib/query.ts'
import { keptHandles } from './file-handles.ts'
import { pageLine } from './page-line.ts'
import { unfinishedUploads } from './unfinished.ts'
import { isUnderWay, type LessonRef, type UploadJob, type UploadStore, uploadStore } from './upload-store.ts'

/** Asks the school again for whatever shows this lesson. */
export const reloadLesson = ({ course, id }: LessonRef): void => {
  for (const queryKey of [
    ['courses', 'get', course],
    ['courses', 'lesson', id],
    ['media', 'videos'],
  ]) {
    void queryClient.invalidateQueries({ queryKey })
  }
}

const open = (): UploadStore => {
  const store = uploadStore({
    api: client.media,
    ...pageLine,
    now: () => performance.now(),
    memory: unfinishedUploads(localStorage),
    handles: keptHandles(),
    onChange: reloadLesson,
  })
  window.addEventListener('beforeunload', (event) => {
    if ([...store.jobs.values()].some(isUnderWay)) event.preventDefault()
  })
  window.addEventListener('online', () => {
    for (const [lesson, { state }] of store.jobs) if (state.phase === 'failed' && state.failure?.kind === 'network') store.resume(lesson)
  })
  return store
}

let opened: UploadStore | undefined

export type Uploads = UploadStore & { list: ComputedRef<UploadJob[]>; running: ComputedRef<number> }

/** The uploads of this page; they go on while one walks about in the app. */
export const useUploads = (): Uploads => {
  opened ??= open()
  const { jobs } = opened
  const list = computed(() => [...jobs.values()])
  return { ...opened, list, running: computed(() => list.value.filter(isUnderWay).length) }
}
