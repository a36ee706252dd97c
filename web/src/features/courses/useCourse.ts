import type { Course, LessonDraft, OutlineLesson } from '#contract/courses.ts'
import { lackOf } from '#contract/lesson-lack.ts'
import { client } from '../../lib/api.ts'
import { queryClient } from '../../lib/query.ts'
import type { Change } from './changes.ts'
import { courseChanges, type LessonFacts, lessonChanges, sectionChanges } from './course-changes.ts'
import { type History, history } from './history.ts'
import { withLesson } from './outline.ts'
import { isMoving } from './readiness.ts'
import { type Desk, useSaved } from './useSaved.ts'

const POLL_MS = 2000
const changed: Desk<Course> = new Map()
const histories = new Map<string, History>()

export const courseKey = (course: string): string[] => ['courses', 'get', course]

const asOutlined = ({ lacks: _, ...lesson }: OutlineLesson, draft: LessonDraft): OutlineLesson => {
  const { title, isPreview, text, video } = draft
  const lacks = lackOf({ ...draft, hasFiles: lesson.hasFiles })
  return { ...lesson, ...{ title, isPreview, hasText: text.trim() !== '' }, ...(video && { video }), ...(lacks && { lacks }) }
}

/** Where a lesson's change is shown besides its own page. */
export const noteLesson = (draft: LessonDraft): void => {
  queryClient.setQueryData(['courses', 'lesson', draft.id], draft)
  queryClient.setQueryData<Course>(courseKey(draft.course), (course) => course && withLesson(course, draft.id, (lesson) => asOutlined(lesson, draft)))
}

const same = (course: Course): Course => course

/** A course of mine: what it says of itself, its outline, and every change to them. `onRefused` is told why, in words. */
export const useCourse = (id: string, onRefused: (words: string) => void) => {
  const saved = useSaved<Course>({
    desk: changed,
    queryKey: courseKey(id),
    queryFn: () => client.courses.get({ course: id }),
    pollMs: (course) => (isMoving(course) ? POLL_MS : false),
    onRefused,
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['courses', 'mine'] }),
  })
  const make = (send: Change<Course>['send'], apply: Change<Course>['apply'] = same): Promise<Course | undefined> => saved.make({ apply, send })

  const updateLesson = async (lesson: string, facts: LessonFacts): Promise<Course> => {
    const draft = await client.courses.updateLesson({ lesson, ...facts })
    noteLesson(draft)
    const stored = queryClient.getQueryData<Course>(courseKey(id)) ?? (await client.courses.get({ course: id }))
    return withLesson(stored, lesson, (each) => asOutlined(each, draft))
  }

  const steps = histories.get(id) ?? history()
  histories.set(id, steps)
  const bench = { id, steps, make, updateLesson, shown: () => saved.shown.value }
  return {
    course: saved.shown,
    ...{ query: saved.query, saveState: saved.saveState, retry: saved.retry, undo: saved.undo, steps },
    ...courseChanges(bench),
    ...sectionChanges(bench),
    ...lessonChanges(bench),
  }
}
export type CourseDesk = ReturnType<typeof useCourse>
