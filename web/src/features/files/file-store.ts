import { type Reactive, reactive, shallowReactive } from 'vue'
import { type FilesDraft, type FileUpload, plainFileName } from '#contract/files.ts'
import { type Pace, pace } from '../media/pace.ts'
import { codeOf } from '../media/persistence.ts'
import { atStart, type Sender, type SendState, sender } from '../media/sender.ts'
import type { Line, PartsApi } from '../media/upload-world.ts'

/** One file on its way, as the page shows it. */
export type FileJob = {
  readonly key: number
  readonly lesson: string
  readonly fileName: string
  state: SendState<FileUpload, FilesDraft>
  pace: Pace
}

export type FilesApi = {
  startUpload(input: { lesson: string; name: string; sizeBytes: number; type: string }): Promise<FileUpload>
  upload(input: { file: string }): Promise<FileUpload>
  signParts(input: { file: string; parts: number[]; hashes?: string[] }): Promise<{ parts: { number: number; url: string; size: number }[] }>
  finishUpload(input: { file: string }): Promise<FilesDraft>
  remove(input: { file: string }): Promise<FilesDraft>
}

export type FilesWorld = Line & {
  api: FilesApi
  /** Milliseconds, for speed only. */
  now(): number
  /** A lesson has a file more. */
  onArrival(lesson: string, files: FilesDraft): void
}

const UNDER_WAY: readonly SendState['phase'][] = ['starting', 'sending', 'finishing']
export const isUnderWay = ({ state }: Pick<FileJob, 'state'>): boolean => UNDER_WAY.includes(state.phase)

/** The parts' own calls name an upload; here that is the file. */
const partsApi = (api: FilesApi): PartsApi<FileUpload> => ({
  upload: ({ upload }) => api.upload({ file: upload }),
  signParts: ({ upload, ...asked }) => api.signParts({ file: upload, ...asked }),
})

/** Given up or gone already: there is nothing left to give up. */
const unlessGone = async (giveUp: () => Promise<unknown>): Promise<void> => {
  try {
    await giveUp()
  } catch (error) {
    if (codeOf(error) !== 'not-found') throw error
  }
}

/** All files of this page that are on their way to lessons; what has arrived is off the list. */
export const fileStore = (world: FilesWorld) => {
  const { api } = world
  const jobs = shallowReactive(new Map<number, Reactive<FileJob>>())
  const senders = new Map<number, Sender<FileUpload, FilesDraft>>()
  let count = 0

  const lose = (key: number): void => {
    jobs.delete(key)
    senders.delete(key)
  }
  const isSame = (job: FileJob, lesson: string, { name, size }: File): boolean =>
    job.lesson === lesson && job.fileName === plainFileName(name) && job.state.sizeBytes === size

  const begin = (lesson: string, file: File): void => {
    count += 1
    const [key, name, meter] = [count, plainFileName(file.name), pace(file.size)]
    const job = reactive<FileJob>({ key, lesson, fileName: name, state: atStart(file), pace: {} })
    const onChange = (state: FileJob['state']): void => {
      job.state = state
      if (state.phase === 'sending') meter.note(world.now(), state.sentBytes)
      else meter.reset()
      job.pace = meter.now()
      if (!state.result) return
      lose(key)
      world.onArrival(lesson, state.result)
    }
    const errand = {
      begin: () => api.startUpload({ lesson, name, sizeBytes: file.size, type: file.type }),
      finish: ({ id }: FileUpload) => api.finishUpload({ file: id }),
      // The school answers a second finish like the first.
      finished: async () => undefined,
      cancel: ({ id }: FileUpload) => unlessGone(() => api.remove({ file: id })),
    }
    const sending = sender({ file, errand, onChange }, { ...world, api: partsApi(api) })
    jobs.set(key, job)
    senders.set(key, sending)
    void sending.run()
  }

  return {
    jobs,
    /** Sends files to a lesson, each once however often it is dropped; one that stopped goes on. */
    send(lesson: string, files: readonly File[]): void {
      for (const file of files) {
        const before = [...jobs.values()].find((job) => isSame(job, lesson, file))
        if (before && isUnderWay(before)) continue
        if (before) lose(before.key)
        begin(lesson, file)
      }
    },
    pause: (key: number): void => senders.get(key)?.pause(),
    resume: (key: number): void => void senders.get(key)?.run(),
    /** Rejects when the school could not be told. */
    async cancel(key: number): Promise<void> {
      const sending = senders.get(key)
      lose(key)
      await sending?.cancel()
    },
  }
}
export type FileStore = ReturnType<typeof fileStore>
