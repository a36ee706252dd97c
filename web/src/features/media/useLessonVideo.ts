import { useMutation } from '@tanstack/vue-query'
import { computed, shallowRef } from 'vue'
import type { Video } from '#contract/media.ts'
import { client, wordsOf } from '../../lib/api.ts'
import { text } from '../../lib/i18n.ts'
import { isOver, type LessonRef } from './upload-store.ts'
import { reloadLesson, useUploads } from './useUploads.ts'

type VideoLesson = LessonRef & { video?: Video | undefined }

/** `stopped`: this browser began an upload and can go on with it · `elsewhere`: some other one did · `making`: the school is at work on it. */
export type VideoStage = 'none' | 'sending' | 'stopped' | 'elsewhere' | 'making' | 'held' | 'cancelled' | 'failed' | 'ready'

const STAGES: Record<Video['state'], VideoStage> = {
  ...{ uploading: 'elsewhere', uploaded: 'making', probing: 'making', transcoding: 'making', packaging: 'making' },
  ...{ held: 'held', cancelled: 'cancelled', failed: 'failed', ready: 'ready' },
}

type Notice = { kind: 'not-video' | 'empty' | 'different' | 'one-only'; fileName: string } | { kind: 'refused'; words: string }

const isFileOf = (video: Video | undefined, { name, size }: File): boolean => video === undefined || (video.fileName === name && video.sizeBytes === size)

/** Has a failed video prepared once more. */
const useRetry = (lesson: () => VideoLesson, onError: (error: unknown) => void) => {
  const again = useMutation({
    mutationFn: (video: string) => client.media.retry({ video }),
    onSuccess: () => reloadLesson(lesson()),
    onError,
  })
  const retry = (): void => {
    const { video } = lesson()
    if (video) again.mutate(video.id)
  }
  return { retry, isRetrying: again.isPending }
}

/** A lesson's video wherever it is: still on this disk, on its way, or being prepared by the school. */
export const useLessonVideo = (lesson: () => VideoLesson) => {
  const uploads = useUploads()
  const notice = shallowRef<Notice>()
  /** The file that was refused for being another one, should the teacher mean it. */
  const other = shallowRef<File>()

  const job = computed(() => {
    const found = uploads.jobs.get(lesson().id)
    return found && !isOver(found) ? found : undefined
  })
  // What the school has gone on with was finished elsewhere; what it no longer knows was given up, there or for its age.
  const isBegun = (): boolean => lesson().video?.state === 'uploading'
  const left = computed(() => (job.value || !isBegun() ? undefined : uploads.unfinished.get(lesson().id)))
  const stage = computed((): VideoStage => {
    const { video } = lesson()
    if (job.value) return 'sending'
    if (left.value) return 'stopped'
    return video ? STAGES[video.state] : 'none'
  })

  const isOtherThanBegun = (file: File): boolean => stage.value === 'elsewhere' && !isFileOf(lesson().video, file)
  const choose = (file: File, recipe?: string): void => {
    if (!job.value && !isBegun()) uploads.forget(lesson().id)
    const chosen = isOtherThanBegun(file) ? 'different' : uploads.choose({ ...lesson(), recipe }, file)
    other.value = chosen === 'different' ? file : undefined
    notice.value = chosen === 'started' ? undefined : { kind: chosen, fileName: file.name }
  }
  /** A lesson has one video: of several files the first is taken. */
  const chooseFirst = ([file, ...others]: File[]): void => {
    if (!file) return
    choose(file)
    if (others.length > 0) notice.value ??= { kind: 'one-only', fileName: others.map(({ name }) => name).join(', ') }
  }
  const refuse = (error: unknown): void => {
    notice.value = { kind: 'refused', words: wordsOf(error) }
  }
  const useInstead = async (): Promise<void> => {
    const file = other.value
    if (!file) return
    notice.value = undefined
    await uploads.replace(lesson(), file).catch(refuse)
  }
  const canGoOn = computed(() => left.value !== undefined && uploads.reopenable.has(lesson().id))
  const goOn = async (): Promise<void> => {
    const fileName = left.value?.fileName ?? ''
    const outcome = await uploads.goOn(lesson())
    if (outcome === 'gone') notice.value = { kind: 'refused', words: text('teach.video.unreadable', { file: fileName }) }
    else notice.value = outcome === 'started' ? undefined : { kind: outcome, fileName }
  }
  const discard = async (): Promise<void> => {
    notice.value = undefined
    await uploads.discard(lesson()).catch(refuse)
  }
  return {
    ...{ stage, job, left, notice, canGoOn, goOn, choose, chooseFirst, useInstead, discard },
    pause: () => uploads.pause(lesson().id),
    resume: () => uploads.resume(lesson().id),
    ...useRetry(lesson, refuse),
  }
}
export type LessonVideoDesk = ReturnType<typeof useLessonVideo>
