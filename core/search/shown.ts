import type { LessonKind } from '#contract/lesson-kinds.ts'
import { courseRecords, lessonRecords, publicationRecords } from '#core/courses/records.ts'
import { decidedEach } from '#core/grants/access.ts'
import { follows } from '#core/grants/decide.ts'
import type { Actor } from '#core/handlers.ts'
import type { World } from '#ports/world.ts'
import { aboutOf, type Ground, staffs } from './grounds.ts'

/** A course as somebody is shown it at this moment, whatever the listing or the index says that led to it. */
export type Shown = {
  course: Ground['course']
  about: string
  sections: readonly { id: string; title: string }[]
  /** Undefined of one that is not, or no longer, in the course. */
  lesson: (id: string) => Promise<{ id: string; title: string; kind: LessonKind; isOpen: boolean } | undefined>
}

/** To its staff, as it is written. */
export const shownToStaff = async ({ tables }: World, actor: Actor | undefined, id: string): Promise<Shown | undefined> => {
  const course = (await courseRecords.get(tables, { id }))?.value
  if (!course || !(await staffs(tables, actor, course))) return undefined
  const { slug, title, status, sections } = course
  const lessons = new Set(sections.flatMap((section) => section.lessons))
  const lesson: Shown['lesson'] = async (of) => {
    const written = lessons.has(of) ? (await lessonRecords.get(tables, { id: of }))?.value : undefined
    return written && { id: of, title: written.title, kind: written.kind, isOpen: true }
  }
  return { course: { id, slug, title, isDraft: status === 'draft' }, about: aboutOf(course), sections, lesson }
}

/** To everybody else, as it was published; undefined where they are shown nothing. */
export const shownTo = async (world: World, actor: Actor | undefined, id: string): Promise<Shown | undefined> => {
  const publication = (await publicationRecords.get(world.tables, { id }))?.value
  if (!publication || publication.isClosed) return undefined
  const { stand, decisions } = await decidedEach(world, actor, publication)
  if (!publication.isListed && !follows(stand)) return undefined
  const { slug, title, sections } = publication
  const lessons = new Map(sections.flatMap((section) => section.lessons.map((lesson) => [lesson.id, lesson] as const)))
  const lesson: Shown['lesson'] = async (of) => {
    const known = lessons.get(of)
    return known && { id: of, title: known.title, kind: known.kind, isOpen: decisions.get(of)?.isOpen ?? false }
  }
  return { course: { id, slug, title, isDraft: false }, about: aboutOf(publication), sections, lesson }
}
