import { useMutation } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { Work } from '#contract/assignments.ts'
import type { FilesDraft, FileUpload, LessonFile } from '#contract/files.ts'
import { client } from '../../lib/api.ts'
import { type FileStore, type FilesApi, fileStore, isUnderWay } from '../files/file-store.ts'
import { saveFrom } from '../files/useDownload.ts'
import { pageLine } from '../media/page-line.ts'
import { keepWork } from './useWork.ts'

/** Which lesson a file is sent to: calls about one file name nothing else. */
const lessons = new Map<string, string>()

const asDraft = ({ draft, mostFileBytes }: Work): FilesDraft => ({ files: draft.files, unfinished: [], maxBytes: mostFileBytes })

/** Work as the sender of lesson files knows them. */
const api: FilesApi = {
  startUpload: async (wanted) => {
    const begun = await client.assignments.startFile(wanted)
    lessons.set(begun.id, wanted.lesson)
    return { ...begun, lesson: wanted.lesson }
  },
  upload: async ({ file }): Promise<FileUpload> => {
    const lesson = lessons.get(file) ?? ''
    const work = await client.assignments.open({ lesson })
    const found = work.draft.unfinished.find(({ id }) => id === file)
    if (!found) throw new Error('The file is not on its way any more.')
    return { ...found, lesson }
  },
  signParts: (asked) => client.assignments.signFile(asked),
  finishUpload: async ({ file }) => {
    const work = await client.assignments.finishFile({ file })
    keepWork(lessons.get(file) ?? '', work)
    return asDraft(work)
  },
  remove: async ({ file }) => asDraft(await client.assignments.removeFile({ file })),
}

const open = (): FileStore => {
  const store = fileStore({ api, ...pageLine, now: () => performance.now(), onArrival: () => undefined })
  window.addEventListener('beforeunload', (event) => {
    if ([...store.jobs.values()].some(isUnderWay)) event.preventDefault()
  })
  window.addEventListener('online', () => {
    for (const [key, { state }] of store.jobs) if (state.phase === 'failed' && state.failure?.kind === 'network') store.resume(key)
  })
  return store
}

let opened: FileStore | undefined

/** Files that go with somebody's work. */
export const useWorkFiles = (lesson: string) => {
  opened ??= open()
  const store = opened
  const removing = useMutation({
    mutationFn: (file: string) => client.assignments.removeFile({ file }),
    onSuccess: (work) => keepWork(lesson, work),
  })
  return {
    jobs: computed(() => [...store.jobs.values()].filter((job) => job.lesson === lesson)),
    send: (files: readonly File[]): void => store.send(lesson, files),
    pause: store.pause,
    resume: store.resume,
    cancel: store.cancel,
    removing,
  }
}

/** Fetches a URL for a file at the moment it is wanted, for it holds only minutes. */
export const useWorkDownload = () =>
  useMutation({
    mutationFn: ({ id }: LessonFile) => client.assignments.download({ file: id }),
    onSuccess: ({ url }) => saveFrom(url),
  })
