import { computed, shallowRef } from 'vue'
import { type FilesDraft, type LessonFile, MOST_FILES, plainFileName } from '#contract/files.ts'
import { client } from '../../lib/api.ts'
import { queryClient } from '../../lib/query.ts'
import { courseKey } from '../courses/useCourse.ts'
import { type Desk, type Saved, useSaved } from '../courses/useSaved.ts'
import { pageLine } from '../media/page-line.ts'
import { type FileStore, fileStore, isUnderWay } from './file-store.ts'
import { withEnding } from './kinds.ts'

const filesKey = (lesson: string): string[] => ['files', 'ofLesson', lesson]
const desk: Desk<FilesDraft> = new Map()

const open = (): FileStore => {
  const store = fileStore({
    api: client.files,
    ...pageLine,
    now: () => performance.now(),
    onArrival(lesson, files) {
      queryClient.setQueryData(filesKey(lesson), files)
      // Two that arrive together answer in any order, and the course has changed with them.
      void queryClient.invalidateQueries({ queryKey: filesKey(lesson) })
      void queryClient.invalidateQueries({ queryKey: ['courses', 'get'] })
    },
  })
  window.addEventListener('beforeunload', (event) => {
    if ([...store.jobs.values()].some(isUnderWay)) event.preventDefault()
  })
  window.addEventListener('online', () => {
    for (const [key, { state }] of store.jobs) if (state.phase === 'failed' && state.failure?.kind === 'network') store.resume(key)
  })
  return store
}

let opened: FileStore | undefined

/** Why some of the files that were chosen last are not on their way. */
export type LeftOut = { kind: 'empty' | 'large' | 'many'; names: string }

const withFiles = (draft: FilesDraft, files: LessonFile[]): FilesDraft => ({ ...draft, files })

const moved = (files: readonly LessonFile[], id: string, step: -1 | 1): LessonFile[] => {
  const from = files.findIndex((file) => file.id === id)
  const file = files[from]
  return file ? files.toSpliced(from, 1).toSpliced(from + step, 0, file) : [...files]
}

/** Files that can be sent, and those that cannot, by what is wrong with them. */
const judged = (chosen: readonly File[], { maxBytes, free }: { maxBytes: number; free: number }) => {
  const fitting = chosen.filter(({ size }) => size > 0 && size <= maxBytes)
  const kinds: [LeftOut['kind'], readonly File[]][] = [
    ['empty', chosen.filter(({ size }) => size === 0)],
    ['large', chosen.filter(({ size }) => size > maxBytes)],
    ['many', fitting.slice(free)],
  ]
  const leftOut = kinds.flatMap(([kind, files]): LeftOut[] => (files.length > 0 ? [{ kind, names: files.map(({ name }) => name).join(', ') }] : []))
  return { taken: fitting.slice(0, free), leftOut }
}

type Shown = Pick<Saved<FilesDraft>, 'shown' | 'make'>

/** Changes to the files that are there. */
const changing = (lesson: string, { shown, make }: Shown) => {
  const rename = ({ id, name: before }: LessonFile, wanted: string): void => {
    const name = plainFileName(withEnding(wanted, before))
    void make({
      apply: (draft) =>
        withFiles(
          draft,
          draft.files.map((file) => (file.id === id ? { ...file, name } : file)),
        ),
      send: () => client.files.rename({ file: id, name }),
    })
  }
  const step = (id: string, by: -1 | 1): void => {
    const files = moved(shown.value?.files ?? [], id, by)
    void make({ apply: (draft) => withFiles(draft, files), send: () => client.files.arrange({ lesson, files: files.map((file) => file.id) }) })
  }
  /** Takes a file out, or gives up one that has not arrived whole. */
  const remove = (id: string): void => {
    const without = <T extends { id: string }>(files: readonly T[]): T[] => files.filter((file) => file.id !== id)
    void make({
      apply: (draft) => ({ ...draft, files: without(draft.files), unfinished: without(draft.unfinished) }),
      send: () => client.files.remove({ file: id }),
    })
  }
  return { rename, step, remove }
}

/** A lesson's files, those on their way to it, and what its teacher can do with each. */
export const useFilesDesk = ({ lesson, course }: { lesson: string; course: string }, onRefused: (words: string) => void) => {
  opened ??= open()
  const store = opened
  const saved = useSaved<FilesDraft>({
    desk,
    queryKey: filesKey(lesson),
    queryFn: () => client.files.ofLesson({ lesson }),
    pollMs: () => false,
    onRefused,
    onSettled: () => void queryClient.invalidateQueries({ queryKey: courseKey(course) }),
  })
  const { shown } = saved
  const jobs = computed(() => [...store.jobs.values()].filter((job) => job.lesson === lesson))
  /** Begun here before a reload, or elsewhere. */
  const unfinished = computed(() => {
    const here = jobs.value.flatMap(({ state }) => state.upload?.id ?? [])
    return shown.value?.unfinished.filter(({ id }) => !here.includes(id)) ?? []
  })
  const leftOut = shallowRef<LeftOut[]>([])

  const send = (chosen: readonly File[]): void => {
    if (!shown.value) return
    const { files, unfinished: begun, maxBytes } = shown.value
    const isBegun = ({ name, size }: File): boolean => begun.some((each) => each.name === plainFileName(name) && each.sizeBytes === size)
    const known = chosen.filter(isBegun)
    const free = Math.max(0, MOST_FILES - files.length - unfinished.value.length - jobs.value.length)
    const { taken, leftOut: out } = judged(
      chosen.filter((file) => !isBegun(file)),
      { maxBytes, free },
    )
    leftOut.value = out
    store.send(lesson, [...known, ...taken])
  }
  return {
    ...{ query: saved.query, shown, saveState: saved.saveState, retry: saved.retry, undo: saved.undo },
    ...{ jobs, unfinished, leftOut, send, ...changing(lesson, saved) },
    ...{ pause: store.pause, resume: store.resume, cancel: store.cancel },
  }
}
