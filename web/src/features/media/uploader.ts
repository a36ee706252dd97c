import type { Upload, Video } from '#contract/media.ts'
import { sendParts } from './parts.ts'
import { codeOf, persist, UploadFailure } from './persistence.ts'
import type { UploadWorld } from './upload-world.ts'
import { videoType } from './video-file.ts'

export type UploadState = {
  phase: 'starting' | 'sending' | 'paused' | 'finishing' | 'done' | 'failed' | 'cancelled'
  /** Bytes that have arrived or are on their way. */
  sentBytes: number
  /** Bytes that would not be sent again. */
  arrivedBytes: number
  sizeBytes: number
  /** A part was lost and is waiting to be sent again. */
  isRetrying: boolean
  upload?: Upload
  failure?: { kind: UploadFailure['kind']; message: string }
  video?: Video
}

export type Uploader = {
  state(): UploadState
  /** Also takes up what was paused, failed, or begun before a reload: the server says which parts it has. Resolves when it stops. */
  run(): Promise<void>
  pause(): void
  cancel(): Promise<void>
}

const MOST_ROUNDS = 3
const UNUSABLE = ['wrong-type', 'too-large', 'bad-input']

const failureOf = (error: unknown): NonNullable<UploadState['failure']> => {
  if (error instanceof UploadFailure) return { kind: error.kind, message: error.message }
  return { kind: UNUSABLE.includes(codeOf(error)) ? 'unusable' : 'refused', message: error instanceof Error ? error.message : '' }
}

type Report = (change: Partial<UploadState>) => void
type Job = { file: File; lesson: string; signal: AbortSignal; report: Report }

/** Answers the video also when an earlier finish succeeded and only its answer was lost. */
const finish = async (upload: Upload, { api, wait, random }: UploadWorld, signal: AbortSignal): Promise<Video | 'incomplete'> => {
  try {
    return await persist(() => api.finishUpload({ upload: upload.id }), { wait, random, signal })
  } catch (error) {
    if (codeOf(error) === 'upload-incomplete') return 'incomplete'
    if (codeOf(error) !== 'not-found' && codeOf(error) !== 'conflict') throw error
    const video = await persist(() => api.video({ video: upload.video }), { wait, random, signal })
    if (video.state === 'uploading') throw error
    return video
  }
}

const deliver = async ({ file, signal, report }: Job, upload: Upload, world: UploadWorld): Promise<Video> => {
  let known = upload
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    report({ phase: 'sending', upload: known })
    await sendParts({ file, upload: known, signal, onProgress: report }, world)
    report({ phase: 'finishing', sentBytes: file.size, arrivedBytes: file.size, isRetrying: false })
    const outcome = await finish(known, world, signal)
    if (outcome !== 'incomplete') return outcome
    known = await persist(() => world.api.upload({ upload: upload.id }), { ...world, signal })
  }
  throw new UploadFailure('network')
}

/** Sends a file to a lesson: begins or takes up its upload, sends the parts that are missing, and finishes it. */
export const uploader = (
  { file, lesson, recipe, onChange }: { file: File; lesson: string; recipe?: string | undefined; onChange(state: UploadState): void },
  world: UploadWorld,
): Uploader => {
  let state: UploadState = { phase: 'starting', sentBytes: 0, arrivedBytes: 0, sizeBytes: file.size, isRetrying: false }
  let controller = new AbortController()
  const set = (change: Partial<UploadState>): void => {
    state = { ...state, ...change }
    onChange(state)
  }

  const work = async ({ signal }: AbortController): Promise<void> => {
    // What a run that was stopped still has to say is no longer true.
    const report: Report = (change) => {
      if (!signal.aborted) set(change)
    }
    try {
      const asked = { lesson, fileName: file.name, sizeBytes: file.size, type: videoType(file), ...(recipe !== undefined && { recipe }) }
      // The course is written by whoever edits it meanwhile, and by other uploads that begin.
      const upload = await persist(() => world.api.startUpload(asked), { ...world, signal, passing: ['conflict'] })
      if (state.phase === 'cancelled') await world.api.cancelUpload({ upload: upload.id })
      signal.throwIfAborted()
      const video = await deliver({ file, lesson, signal, report }, upload, world)
      report({ phase: 'done', video })
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
      if (state.upload) await world.api.cancelUpload({ upload: state.upload.id })
    },
  }
}
