import type { LessonDraft } from '#contract/courses.ts'
import { client } from '../../lib/api.ts'
import { queryClient } from '../../lib/query.ts'
import { isBeingMade } from '../media/states.ts'
import { courseKey, type LessonFacts, noteLesson } from './useCourse.ts'
import { type Desk, useSaved } from './useSaved.ts'

const POLL_MS = 2000
const desk: Desk<LessonDraft> = new Map()

/** A lesson of mine with its text, and changes to it. */
export const useLesson = (id: string, onRefused: (words: string) => void) => {
  const saved = useSaved<LessonDraft>({
    desk,
    queryKey: ['courses', 'lesson', id],
    queryFn: () => client.courses.lesson({ lesson: id }),
    pollMs: (lesson) => (lesson.video && isBeingMade(lesson.video) ? POLL_MS : false),
    onRefused,
    onSettled: (lesson) => {
      noteLesson(lesson)
      // Whether it differs from what is published is known to the school alone.
      void queryClient.invalidateQueries({ queryKey: courseKey(lesson.course) })
    },
  })
  return {
    lesson: saved.shown,
    make: saved.make,
    ...{ query: saved.query, saveState: saved.saveState, retry: saved.retry, undo: saved.undo },
    change: (facts: LessonFacts) =>
      saved.make({ apply: (lesson) => ({ ...lesson, ...facts }), send: () => client.courses.updateLesson({ lesson: id, ...facts }) }),
  }
}
