import { type ComputedRef, computed } from 'vue'
import { client } from '../../lib/api.ts'
import { queryClient } from '../../lib/query.ts'
import { keptHandles } from './file-handles.ts'
import { hashOf } from './hash.ts'
import { lanes } from './lanes.ts'
import type { Wait } from './persistence.ts'
import { sendPart } from './send-part.ts'
import { unfinishedUploads } from './unfinished.ts'
import { isUnderWay, type LessonRef, type UploadJob, type UploadStore, uploadStore } from './upload-store.ts'

/** A browser opens six connections to one host; two are left for the page itself. */
const LANES = 4

/** Also ends when the connection comes back: nobody should wait half a minute on a line that works again. */
const wait: Wait = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      window.removeEventListener('online', end)
      signal.removeEventListener('abort', end)
      if (signal.aborted) reject(signal.reason)
      else resolve()
    }
    const timer = setTimeout(end, milliseconds)
    window.addEventListener('online', end)
    signal.addEventListener('abort', end)
  })

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
    send: sendPart,
    hash: hashOf,
    lanes: lanes(LANES),
    wait,
    random: Math.random,
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
