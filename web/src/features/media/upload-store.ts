import { type Reactive, reactive, shallowReactive } from 'vue'
import type { FileHandles } from './file-handles.ts'
import { type Pace, pace } from './pace.ts'
import { codeOf } from './persistence.ts'
import { isSameFile, type Unfinished, type unfinishedUploads } from './unfinished.ts'
import type { UploadWorld } from './upload-world.ts'
import { type Uploader, type UploadState, uploader } from './uploader.ts'
import { faultOf } from './video-file.ts'

/** `recipe`: how a video that is begun for it shall be made; the school’s own when left out. */
export type LessonRef = { id: string; title: string; course: string; recipe?: string | undefined }

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
  handles: FileHandles
  /** Milliseconds, for speed only. */
  now(): number
  /** What the school says of this lesson is another now: an upload has been begun, finished or given up. */
  onChange(lesson: LessonRef): void
}

const UNDER_WAY: readonly UploadState['phase'][] = ['starting', 'sending', 'finishing']
const OVER: readonly UploadState['phase'][] = ['done', 'cancelled']

export const isUnderWay = ({ state }: UploadJob): boolean => UNDER_WAY.includes(state.phase)
export const isOver = ({ state }: UploadJob): boolean => OVER.includes(state.phase)

/** Unfinished uploads of this browser, as the page and the next one know them. */
const reminders = ({ memory, handles }: Pick<StoreWorld, 'memory' | 'handles'>) => {
  const unfinished = shallowReactive(new Map(memory.all().map((entry) => [entry.lesson, entry])))
  /** Lessons whose file the browser can open again. */
  const reopenable = shallowReactive(new Set<string>())
  void handles.lessons().then((lessons) => {
    for (const lesson of lessons) if (unfinished.has(lesson)) reopenable.add(lesson)
  })
  return {
    unfinished,
    reopenable,
    async reopen(lesson: string): Promise<File | undefined> {
      const file = await handles.reopen(lesson)
      if (!file) reopenable.delete(lesson)
      return file
    },
    drop(lesson: string): void {
      memory.drop(lesson)
      unfinished.delete(lesson)
      reopenable.delete(lesson)
      void handles.drop(lesson)
    },
    note(lesson: string, file: File, { upload, arrivedBytes }: UploadState): void {
      const before = unfinished.get(lesson)
      // Written at most once a percent: storage is synchronous.
      if (!upload || (before?.upload === upload.id && arrivedBytes - before.arrivedBytes < file.size / 100)) return
      const { name: fileName, size: sizeBytes, lastModified } = file
      const entry: Unfinished = { upload: upload.id, lesson, fileName, sizeBytes, lastModified, arrivedBytes }
      memory.keep(entry)
      if (before?.upload !== upload.id) void handles.keep(lesson, file)
      unfinished.set(lesson, entry)
    },
  }
}

const jobOf = (lesson: LessonRef, file: File): Reactive<UploadJob> =>
  reactive<UploadJob>({
    lesson,
    fileName: file.name,
    state: { phase: 'starting', sentBytes: 0, arrivedBytes: 0, sizeBytes: file.size, isRetrying: false },
    pace: {},
  })

const isOf = (job: UploadJob, file: File): boolean => job.fileName === file.name && job.state.sizeBytes === file.size

/** Keeps a job, its pace and its reminder in step with its uploader. */
const follow = (job: UploadJob, file: File, { world, book }: { world: StoreWorld; book: ReturnType<typeof reminders> }) => {
  const meter = pace(file.size)
  return (state: UploadState): void => {
    const hasBegun = job.state.upload === undefined && state.upload !== undefined
    job.state = state
    if (state.phase === 'sending') meter.note(world.now(), state.sentBytes)
    else meter.reset()
    job.pace = meter.now()
    const isEnded = state.phase === 'done' || state.failure?.kind === 'unusable'
    if (isEnded) book.drop(job.lesson.id)
    else if (!isOver(job)) book.note(job.lesson.id, file, state)
    if (hasBegun || isEnded) world.onChange(job.lesson)
  }
}

/** Given up or finished already: there is nothing left to give up. */
const unlessEnded = async (giveUp: () => Promise<unknown>): Promise<void> => {
  try {
    await giveUp()
  } catch (error) {
    if (!['not-found', 'conflict'].includes(codeOf(error))) throw error
  }
}

/** What is under way, by lesson. */
const shelf = (book: ReturnType<typeof reminders>) => {
  const jobs = shallowReactive(new Map<string, Reactive<UploadJob>>())
  const uploaders = new Map<string, Uploader>()
  const lose = (lesson: string): void => {
    jobs.delete(lesson)
    uploaders.delete(lesson)
  }
  const remove = (lesson: string): void => {
    book.drop(lesson)
    lose(lesson)
  }
  /** Takes finished ones off the list. */
  const clear = (): void => {
    for (const [lesson, job] of jobs) if (isOver(job)) lose(lesson)
  }
  return { jobs, uploaders, remove, clear }
}

/** All uploads of this page, one a lesson. */
export const uploadStore = (world: StoreWorld) => {
  const book = reminders(world)
  const { jobs, uploaders, remove, clear } = shelf(book)

  const begin = (lesson: LessonRef, file: File): Chosen => {
    const fault = faultOf(file)
    if (fault) return fault
    const job = jobOf(lesson, file)
    uploaders.get(lesson.id)?.pause()
    const running = uploader({ file, lesson: lesson.id, recipe: lesson.recipe, onChange: follow(job, file, { world, book }) }, world)
    jobs.set(lesson.id, job)
    uploaders.set(lesson.id, running)
    void running.run()
    return 'started'
  }
  const discard = async (lesson: LessonRef): Promise<void> => {
    const known = book.unfinished.get(lesson.id)
    const running = uploaders.get(lesson.id)
    remove(lesson.id)
    await unlessEnded(async () => (running ? running.cancel() : known && world.api.cancelUpload({ upload: known.upload })))
    world.onChange(lesson)
  }
  const choose = (lesson: LessonRef, file: File): Chosen => {
    const job = jobs.get(lesson.id)
    if (job && isUnderWay(job)) return isOf(job, file) ? 'started' : 'different'
    const begun = book.unfinished.get(lesson.id)
    return begun && !isSameFile(begun, file) ? (faultOf(file) ?? 'different') : begin(lesson, file)
  }

  return {
    jobs,
    unfinished: book.unfinished,
    reopenable: book.reopenable,
    /** Sends a file to a lesson, or takes up the unfinished upload of that very file. */
    choose,
    /** Opens the file of an unfinished upload once more and goes on with it; `gone` when the browser cannot. To be called from a click. */
    async goOn(lesson: LessonRef): Promise<Chosen | 'gone'> {
      const file = await book.reopen(lesson.id)
      return file ? choose(lesson, file) : 'gone'
    },
    /** Gives up what was begun and sends this file instead. */
    async replace(lesson: LessonRef, file: File): Promise<Chosen> {
      const fault = faultOf(file)
      if (fault) return fault
      await discard(lesson)
      return begin(lesson, file)
    },
    pause: (lesson: string): void => uploaders.get(lesson)?.pause(),
    resume: (lesson: string): void => void uploaders.get(lesson)?.run(),
    /** Gives an upload up, running or left over. Rejects when the school could not be told. */
    discard,
    /** Stops and forgets an upload without telling the school, which knows already: its lesson is gone, or it was finished elsewhere. */
    forget(lesson: string): void {
      uploaders.get(lesson)?.pause()
      remove(lesson)
    },
    clear,
  }
}
export type UploadStore = ReturnType<typeof uploadStore>
