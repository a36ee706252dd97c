import { NOTHING_MORE } from '#contract/usual.ts'
import type { Difference } from '#contract/versions.ts'
import type { StoredCourse, StoredLesson } from '#core/courses/records.ts'
import type { Snapshot } from './records.ts'

type Field = Extract<Difference, { what: 'course-changed' }>['field']
type Lessons = ReadonlyMap<string, StoredLesson>

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

const FIELDS: Record<Field, (course: StoredCourse) => unknown> = {
  title: ({ title }) => title,
  summary: ({ summary }) => summary,
  description: ({ description }) => description,
  outcomes: ({ outcomes }) => outcomes,
  price: ({ price, otherPrices }) => [price, otherPrices],
  completion: ({ completion }) => completion ?? null,
  pace: ({ isSequential = false, requires = [] }) => [isSequential, requires],
  sales: ({ sales = NOTHING_MORE }) => sales,
}

const fields = (before: StoredCourse, after: StoredCourse): Difference[] =>
  Object.entries(FIELDS).flatMap(([field, read]): Difference[] =>
    // Object.entries forgets what the keys of its record are.
    isSame(read(before), read(after)) ? [] : [{ what: 'course-changed', field: field as Field }],
  )

const sections = (before: StoredCourse, after: StoredCourse): Difference[] => {
  const [then, now] = [new Map(before.sections.map((each) => [each.id, each])), new Map(after.sections.map((each) => [each.id, each]))]
  const gone = before.sections.filter(({ id }) => !now.has(id)).map(({ title }): Difference => ({ what: 'section-removed', title }))
  const others = after.sections.flatMap(({ id, title, opens }): Difference[] => {
    const old = then.get(id)
    if (!old) return [{ what: 'section-added', title }]
    return old.title === title && isSame(old.opens, opens) ? [] : [{ what: 'section-changed', title }]
  })
  return [...gone, ...others]
}

/** For each lesson the one it stands behind, and its section. Of those alone that both versions have, so that what came or went moves nothing. */
const standing = (course: StoredCourse, both: ReadonlySet<string>): Map<string, string> =>
  new Map(
    course.sections.flatMap(({ id, lessons }) => {
      const shared = lessons.filter((lesson) => both.has(lesson))
      return shared.map((lesson, place) => [lesson, `${id} ${shared[place - 1] ?? ''}`] as const)
    }),
  )

const outlined = (course: StoredCourse, lessons: Lessons): StoredLesson[] =>
  course.sections.flatMap((section) => section.lessons.flatMap((id) => lessons.get(id) ?? []))

/** What has changed from one version to another, in an order people read it in: the course, its sections, its lessons. */
export const differencesBetween = (before: Snapshot, after: Snapshot): Difference[] => {
  const [then, now] = [before, after].map(({ lessons }) => new Map(lessons.map((lesson) => [lesson.id, lesson])))
  if (!then || !now) return []
  const [old, fresh] = [outlined(before.course, then), outlined(after.course, now)]
  const both = new Set(old.map(({ id }) => id).filter((id) => fresh.some((lesson) => lesson.id === id)))
  const [stood, stands] = [standing(before.course, both), standing(after.course, both)]
  const of = (what: 'lesson-added' | 'lesson-removed' | 'lesson-changed' | 'lesson-moved', { id, title, kind }: StoredLesson): Difference => ({
    ...{ what, title, kind, lesson: id },
  })
  const gone = old.filter(({ id }) => !both.has(id)).map((lesson) => of('lesson-removed', lesson))
  const others = fresh.flatMap((lesson) => {
    if (!both.has(lesson.id)) return [of('lesson-added', lesson)]
    const isMoved = stood.get(lesson.id) !== stands.get(lesson.id)
    return [...(isSame(then.get(lesson.id), lesson) ? [] : [of('lesson-changed', lesson)]), ...(isMoved ? [of('lesson-moved', lesson)] : [])]
  })
  return [...fields(before.course, after.course), ...sections(before.course, after.course), ...gone, ...others]
}
