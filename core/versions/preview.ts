import type { Fact } from '#contract/grants.ts'
import type { Curriculum } from '#contract/learning.ts'
import { ownCourse } from '#core/courses/outline.ts'
import { publishedLesson } from '#core/courses/publish.ts'
import { decide, rightsOf } from '#core/grants/decide.ts'
import { pacesOf } from '#core/grants/learned.ts'
import type { Actor } from '#core/handlers.ts'
import { openness } from '#core/learning/curriculum.ts'
import { DAY_MS, plus } from '#core/moments.ts'
import type { World } from '#ports/world.ts'
import { draftOf } from './restore.ts'

type Asked = { course: string; day: number; completed: number }

/**
 * What a learner would see of the draft, were it published now: by the very rules that open lessons to learners, for somebody who enrols at
 * this moment, looked at so many days later. Nothing is written down of it.
 */
export const preview = async (world: World, actor: Actor, { course: id, day, completed: count }: Asked): Promise<Curriculum> => {
  const { value: course } = await ownCourse(world.tables, actor, id, { to: 'edit' })
  const { lessons } = await draftOf(world.tables, course)
  const known = new Map(await Promise.all(lessons.map(async (lesson) => [lesson.id, await publishedLesson(world.tables, lesson)] as const)))
  const sections = course.sections
    .map((section) => ({ ...section, lessons: section.lessons.flatMap((lesson) => known.get(lesson) ?? []) }))
    .filter((section) => section.lessons.length > 0)
  const now = world.clock.now().toISOString()
  const at = plus(now, day * DAY_MS)
  const enrolled: Fact = { id: 'fct_preview', kind: 'enrolled', at: now }
  const completed = new Set(sections.flatMap((section) => section.lessons.map((lesson) => lesson.id)).slice(0, count))
  const paces = pacesOf({ ...course, sections }, { completed, lacks: [] }, at)
  const stand = { as: 'person' as const, isDisabled: false, isListed: true, rights: rightsOf([enrolled], at) }
  return {
    course: { id, slug: course.slug, title: course.title },
    isEnrolled: true,
    sections: sections.map(({ id: section, title, lessons: shown }) => ({
      ...{ id: section, title },
      lessons: shown.map((lesson) => ({
        ...lesson,
        ...openness(decide(stand, { isPreview: lesson.isPreview, pace: paces.get(lesson.id) })),
        ...{ isCompleted: completed.has(lesson.id), share: 0 },
      })),
    })),
  }
}
