import { useQueryClient } from '@tanstack/vue-query'
import { useEventListener, useIntervalFn } from '@vueuse/core'
import { onBeforeUnmount, shallowRef } from 'vue'
import type { LessonView } from '#contract/learning.ts'
import { client } from '../../lib/api.ts'

const SAVE_EVERY_MS = 10_000
/** Credits need not be watched. */
const COMPLETE_AT = 0.95

type Progress = { isCompleted: boolean; positionSeconds: number }
type Place = { seconds: number; isPlaying: boolean }

/** However a page is left: by a link, by closing it, or by looking elsewhere on a phone. */
const onParting = (part: () => void): void => {
  useEventListener(document, 'visibilitychange', () => {
    if (document.visibilityState === 'hidden') part()
  })
  useEventListener(window, 'pagehide', part)
  onBeforeUnmount(part)
}

/** Keeps where a learner is in a lesson: every 10 seconds, at a pause, and on leaving. */
export const useProgress = (lesson: LessonView, canSave: () => boolean) => {
  const cache = useQueryClient()
  const failure = shallowRef<unknown>()
  let place: Place = { seconds: lesson.positionSeconds, isPlaying: false }
  let saved = lesson.positionSeconds
  let isCompleted = lesson.isCompleted
  // Asked for already; after a failure asked again with the next save, not several times a second.
  let isCompleting = false

  const keep = (progress: Progress) => {
    const hasTurned = progress.isCompleted !== isCompleted
    isCompleted = progress.isCompleted
    cache.setQueriesData<LessonView>({ queryKey: ['learning', 'lesson', lesson.id] }, (view) => view && withProgress(view, progress))
    if (hasTurned) for (const verb of ['curriculum', 'mine']) void cache.invalidateQueries({ queryKey: ['learning', verb] })
  }

  const save = async (change: { isCompleted?: boolean } = {}, isParting = false): Promise<void> => {
    saved = place.seconds
    if (!canSave() || change.isCompleted === undefined) return
    try {
      const { isCompleted: is } = await client.learning.complete({ lesson: lesson.id, isCompleted: change.isCompleted }, { context: { isParting } })
      keep({ isCompleted: is, positionSeconds: place.seconds })
      failure.value = undefined
    } catch (error) {
      failure.value = error
    }
  }

  const hasMoved = () => Math.abs(place.seconds - saved) >= 1
  const saveIfMoved = (isParting = false) => void (hasMoved() && save({}, isParting))

  /** What the player says of itself, several times a second. */
  const onTime = (seconds: number, durationSeconds: number) => {
    place = { ...place, seconds }
    if (isCompleted || isCompleting || durationSeconds <= 0 || seconds < durationSeconds * COMPLETE_AT) return
    isCompleting = true
    void save({ isCompleted: true })
  }
  const onPlaying = (isPlaying: boolean) => {
    place = { ...place, isPlaying }
    if (!isPlaying) saveIfMoved()
  }

  /** By hand; shown at once, and taken back if it cannot be saved. */
  const complete = async (wanted: boolean): Promise<void> => {
    const before: Progress = { positionSeconds: place.seconds, isCompleted }
    keep({ ...before, isCompleted: wanted })
    await save({ isCompleted: wanted })
    if (failure.value) keep(before)
  }

  useIntervalFn(() => {
    isCompleting = false
    if (place.isPlaying) saveIfMoved()
  }, SAVE_EVERY_MS)
  onParting(() => saveIfMoved(true))

  return { onTime, onPlaying, complete, failure }
}

const withProgress = (view: LessonView, { positionSeconds, isCompleted }: Progress): LessonView => ({
  ...view,
  positionSeconds,
  isCompleted,
  curriculum: {
    ...view.curriculum,
    sections: view.curriculum.sections.map((section) => ({
      ...section,
      lessons: section.lessons.map((lesson) => (lesson.id === view.id ? { ...lesson, isCompleted } : lesson)),
    })),
  },
})
