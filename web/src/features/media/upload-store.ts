import { type Reactive, reactive, shallowReactive } from 'vue'
import type { Video } from '#contract/media.ts'
import { type Pace, pace } from './pace.ts'
import { isSameFile, type Unfinished, type unfinishedUploads } from './unfinished.ts'
import type { UploadWorld } from './upload-world.ts'
import { type Uploader, type UploadState, uploader } from './uploader.ts'
import { faultOf } from './video-file.ts'

export type LessonRef = { id: string; title: string; course: string }

/** One upload as the page shows it. */
export type UploadJob = {
  readonly lesson: LessonRef
  readonly fileName: string
  state: UploadState
  pace: Pace
}

/** What a chosen file led to: it is on its way, or why not. */
export type Chosen = 'started' | 'not-video' | 'empty' | 'different'

type StoreWorld = UploadWorld & {
  memory: ReturnType<typeof unfinishedUploads>
  /** Milliseconds, for speed only. */
  now(): number
  onDone(lesson: LessonRef, video: Video): void
  /** Something the server should know of has changed besides: an upload begun or given up. */
  onChange(lesson: LessonRef): void
}

const UNDER_WAY: readonly UploadState['phase'][] = ['starting', 'sending', 'finishing']
const OVER: readonly UploadState['phase'][] = ['done', 'cancelled']

export const isUnderWay = ({ state }: UploadJob): boolean => UNDER_WAY.includes(state.phase)
export const isOver = ({ state }: UploadJob): boolean => OVER.includes(state.phase)

/** All uploads of this page, one a lesson. */
export const uploadStore = (world: StoreWorld) => {
  const jobs = shallowReactive(new Map<string, Reactive<UploadJob>>())
  const uploaders = new Map<string, Uploader>()
  const unfinished = shallowReactive(new Map(world.memory.all().map((entry) => [entry.lesson, entry])))

  const forget = (lesson: string): void => {
    world.memory.drop(lesson)
    unfinished.delete(lesson)
  }
  const remember = (entry: Unfinished): void => {
    const before = unfinished.get(entry.lesson)
    // Written at most once a percent: storage is synchronous.
    if (before?.upload === entry.upload && entry.sentBytes - before.sentBytes < entry.sizeBytes / 100) return
    world.memory.keep(entry)
    unfinished.set(entry.lesson, entry)
  }

  const begin = (lesson: LessonRef, file: File): void => {
    const meter = pace(file.size)
    const initial: UploadState = { phase: 'starting', sentBytes: 0, sizeBytes: file.size, isRetrying: false }
    const job = reactive<UploadJob>({ lesson, fileName: file.name, state: initial, pace: {} })
    const onChange = (state: UploadState): void => {
      const before = job.state
      job.state = state
      if (state.phase === 'sending') meter.note(world.now(), state.sentBytes)
      else meter.reset()
      job.pace = meter.now()
      const { upload } = state
      if (upload && !OVER.includes(state.phase)) {
        const { name: fileName, size: sizeBytes, lastModified } = file
        remember({ upload: upload.id, lesson: lesson.id, fileName, sizeBytes, lastModified, sentBytes: state.sentBytes })
      }
      if (upload && !before.upload) world.onChange(lesson)
      if (state.phase === 'done' && state.video) {
        forget(lesson.id)
        world.onDone(lesson, state.video)
      }
    }
    uploaders.get(lesson.id)?.pause()
    const running = uploader({ file, lesson: lesson.id, onChange }, world)
    jobs.set(lesson.id, job)
    uploaders.set(lesson.id, running)
    void running.run()
  }

  const discard = async (lesson: LessonRef): Promise<void> => {
    const known = unfinished.get(lesson.id)
    const running = uploaders.get(lesson.id)
    forget(lesson.id)
    jobs.delete(lesson.id)
    uploaders.delete(lesson.id)
    if (running) await running.cancel()
    else if (known) await world.api.cancelUpload({ upload: known.upload })
    world.onChange(lesson)
  }

  return {
    jobs,
    unfinished,
    /** Sends a file to a lesson, or takes up the unfinished upload of that very file. */
    choose(lesson: LessonRef, file: File): Chosen {
      const fault = faultOf(file)
      if (fault) return fault
      const job = jobs.get(lesson.id)
      if (job && isUnderWay(job)) return job.fileName === file.name && job.state.sizeBytes === file.size ? 'started' : 'different'
      const begun = unfinished.get(lesson.id)
      if (begun && !isSameFile(begun, file)) return 'different'
      begin(lesson, file)
      return 'started'
    },
    /** Gives up what was begun and sends this file instead. */
    async replace(lesson: LessonRef, file: File): Promise<Chosen> {
      const fault = faultOf(file)
      if (fault) return fault
      await discard(lesson)
      begin(lesson, file)
      return 'started'
    },
    pause: (lesson: string): void => uploaders.get(lesson)?.pause(),
    resume: (lesson: string): void => void uploaders.get(lesson)?.run(),
    /** Gives an upload up, running or left over. Rejects when the school could not be told. */
    discard,
    /** Stops an upload whose lesson goes; the school drops it with the lesson. */
    forget(lesson: string): void {
      uploaders.get(lesson)?.pause()
      uploaders.delete(lesson)
      jobs.delete(lesson)
      forget(lesson)
    },
    /** Takes finished ones off the list. */
    clear(): void {
      for (const [lesson, job] of jobs) {
        if (!isOver(job)) continue
        jobs.delete(lesson)
        uploaders.delete(lesson)
      }
    },
  }
}
export type UploadStore = ReturnType<typeof uploadStore>
