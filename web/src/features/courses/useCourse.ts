import type { Course, LessonDraft, OutlineLesson } from '#contract/courses.ts'
import { client } from '../../lib/api.ts'
import { queryClient } from '../../lib/query.ts'
import type { Change } from './changes.ts'
import { arranged, type Order, withLesson, withoutLesson, withSection } from './outline.ts'
import { isMoving } from './readiness.ts'
import { type Desk, useSaved } from './useSaved.ts'

const POLL_MS = 2000
const desk: Desk<Course> = new Map()

export const courseKey = (course: string): string[] => ['courses', 'get', course]

export type CourseFacts = Partial<Pick<Course, 'title' | 'summary' | 'description' | 'outcomes' | 'price' | 'otherPrices' | 'completion' | 'sales'>>
export type LessonFacts = Partial<{ title: string; isPreview: boolean; text: string }>

const asOutlined = (lesson: OutlineLesson, { title, isPreview, text, video }: LessonDraft): OutlineLesson => ({
  ...lesson,
  ...{ title, isPreview, hasText: text.trim() !== '' },
  ...(video && { video }),
})

/** Where a lesson's change is shown besides its own page. */
export const noteLesson = (draft: LessonDraft): void => {
  queryClient.setQueryData(['courses', 'lesson', draft.id], draft)
  queryClient.setQueryData<Course>(courseKey(draft.course), (course) => course && withLesson(course, draft.id, (lesson) => asOutlined(lesson, draft)))
}

const same = (course: Course): Course => course

/** A course of mine: what it says of itself, its outline, and every change to them. `onRefused` is told why, in words. */
export const useCourse = (id: string, onRefused: (words: string) => void) => {
  const saved = useSaved<Course>({
    desk,
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

  return {
    course: saved.shown,
    ...{ query: saved.query, saveState: saved.saveState, retry: saved.retry, undo: saved.undo },
    update: (facts: CourseFacts) =>
      make(
        () => client.courses.update({ course: id, ...facts }),
        (course) => ({ ...course, ...facts }),
      ),
    addSection: (title: string) => make(() => client.courses.addSection({ course: id, title })),
    renameSection: (section: string, title: string) =>
      make(
        () => client.courses.renameSection({ course: id, section, title }),
        (course) => withSection(course, section, (each) => ({ ...each, title })),
      ),
    removeSection: (section: string) =>
      make(
        () => client.courses.removeSection({ course: id, section }),
        (course) => ({ ...course, sections: course.sections.filter((each) => each.id !== section) }),
      ),
    arrange: (order: Order) =>
      make(
        () => client.courses.arrange({ course: id, sections: order }),
        (course) => arranged(course, order),
      ),
    addLesson: async (section: string, { title, kind }: Pick<OutlineLesson, 'title' | 'kind'>): Promise<OutlineLesson | undefined> => {
      const course = await make(() => client.courses.addLesson({ course: id, section, title, kind }))
      return course?.sections.find((each) => each.id === section)?.lessons.at(-1)
    },
    changeLesson: (lesson: string, facts: Pick<LessonFacts, 'title' | 'isPreview'>) =>
      make(
        () => updateLesson(lesson, facts),
        (course) => withLesson(course, lesson, (each) => ({ ...each, ...facts })),
      ),
    removeLesson: (lesson: string) =>
      make(
        () => client.courses.removeLesson({ lesson }),
        (course) => withoutLesson(course, lesson),
      ),
    publish: () => make(() => client.courses.publish({ course: id })),
    unpublish: () => make(() => client.courses.unpublish({ course: id })),
  }
}
export type CourseDesk = ReturnType<typeof useCourse>
