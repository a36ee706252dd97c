import { sendParts } from './parts.ts'
import { codeOf, persist, UploadFailure } from './persistence.ts'
import type { Parted, PartsWorld } from './upload-world.ts'

/** Where something that is being sent is. `U` is what the school knows of it on its way, `T` what it has become. */
export type SendState<U = unknown, T = unknown> = {
  phase: 'starting' | 'sending' | 'paused' | 'finishing' | 'done' | 'failed' | 'cancelled'
  /** Bytes that have arrived or are on their way. */
  sentBytes: number
  /** Bytes that would not be sent again. */
  arrivedBytes: number
  sizeBytes: number
  /** A part was lost and is waiting to be sent again. */
  isRetrying: boolean
  upload?: U
  failure?: { kind: UploadFailure['kind']; message: string }
  result?: T
}

export type Sender<U, T> = {
  state(): SendState<U, T>
  /** Also takes up what was paused, failed, or begun before a reload: the server says which parts it has. Resolves when it stops. */
  run(): Promise<void>
  pause(): void
  cancel(): Promise<void>
}

/** What is asked of the school for one kind of thing that is sent. */
export type Errand<U extends Parted, T> = {
  begin(): Promise<U>
  finish(upload: U): Promise<T>
  /** What an earlier finish made whose answer was lost; undefined when there was none. */
  finished(upload: U): Promise<T | undefined>
  cancel(upload: U): Promise<unknown>
}

const MOST_ROUNDS = 3
const UNUSABLE = ['wrong-type', 'too-large', 'bad-input']

export const atStart = ({ size }: Pick<File, 'size'>): SendState<never, never> => ({
  ...{ phase: 'starting', sentBytes: 0, arrivedBytes: 0, sizeBytes: size, isRetrying: false },
})

const failureOf = (error: unknown): NonNullable<SendState['failure']> => {
  if (error instanceof UploadFailure) return { kind: error.kind, message: error.message }
  return { kind: UNUSABLE.includes(codeOf(error)) ? 'unusable' : 'refused', message: error instanceof Error ? error.message : '' }
}

type Job<U extends Parted, T> = { file: File; errand: Errand<U, T>; signal: AbortSignal; report(change: Partial<SendState<U, T>>): void }

/** Answers what has become of it also when an earlier finish succeeded and only its answer was lost. */
const finish = async <U extends Parted, T>({ errand, signal }: Job<U, T>, upload: U, world: PartsWorld<U>): Promise<T | 'incomplete'> => {
  try {
    return await persist(() => errand.finish(upload), { ...world, signal })
  } catch (error) {
    if (codeOf(error) === 'upload-incomplete') return 'incomplete'
    if (codeOf(error) !== 'not-found' && codeOf(error) !== 'conflict') throw error
    const made = await persist(() => errand.finished(upload), { ...world, signal })
    if (made === undefined) throw error
    return made
  }
}

const deliver = async <U extends Parted, T>(job: Job<U, T>, upload: U, world: PartsWorld<U>): Promise<T> => {
  const { file, signal, report } = job
  let known = upload
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    report({ phase: 'sending', upload: known })
    await sendParts({ file, upload: known, signal, onProgress: report }, world)
    report({ phase: 'finishing', sentBytes: file.size, arrivedBytes: file.size, isRetrying: false })
    const outcome = await finish(job, known, world)
    if (outcome !== 'incomplete') return outcome
    known = await persist(() => world.api.upload({ upload: upload.id }), { ...world, signal })
  }
  throw new UploadFailure('network')
}

type Sent<U extends Parted, T> = { file: File; errand: Errand<U, T>; onChange(state: SendState<U, T>): void }

/** Sends a file: begins or takes up its upload, sends the parts that are missing, and finishes it. */
export const sender = <U extends Parted, T>({ file, errand, onChange }: Sent<U, T>, world: PartsWorld<U>): Sender<U, T> => {
  let state: SendState<U, T> = atStart(file)
  let controller = new AbortController()
  const set = (change: Partial<SendState<U, T>>): void => {
    state = { ...state, ...change }
    onChange(state)
  }

  const work = async ({ signal }: AbortController): Promise<void> => {
    // What a run that was stopped still has to say is no longer true.
    const report = (change: Partial<SendState<U, T>>): void => {
      if (!signal.aborted) set(change)
    }
    try {
      // The course is written by whoever edits it meanwhile, and by other uploads that begin.
      const upload = await persist(() => errand.begin(), { ...world, signal, passing: ['conflict'] })
      if (state.phase === 'cancelled') await errand.cancel(upload)
      signal.throwIfAborted()
      const result = await deliver({ file, errand, signal, report }, upload, world)
      report({ phase: 'done', result })
    } catch (error) {
      report({ phase: 'failed', isRetrying: false, failure: failureOf(error) })
    }
  }

  return {
    state: () => state,
    async run() {
      controller.abort()
      controller = new AbortController()
      const { failure: _, ...rest } = state
      state = { ...rest, phase: 'starting', isRetrying: false }
      onChange(state)
      await work(controller)
    },
    pause() {
      if (state.phase !== 'starting' && state.phase !== 'sending') return
      controller.abort()
      set({ phase: 'paused', sentBytes: state.arrivedBytes, isRetrying: false })
    },
    async cancel() {
      controller.abort()
      set({ phase: 'cancelled', isRetrying: false })
      if (state.upload) await errand.cancel(state.upload)
    },
  }
}
