import type { RouteLocationRaw } from 'vue-router'
import type { SearchHit } from '#contract/search.ts'
import { KIND_ICONS } from '../../lib/lesson-kinds.ts'

/** Where a hit leads: to the second of a film, the lesson, its course; a draft’s own page is its desk. */
export const pathOf = ({ course, lesson, atSeconds }: SearchHit): RouteLocationRaw => {
  const { id, slug = id, isDraft } = course
  if (lesson?.isOpen) return { path: `/learn/${slug}/${lesson.id}`, ...(atSeconds !== undefined && { query: { t: String(Math.floor(atSeconds)) } }) }
  // A note stays when its lesson has closed; the page of all notes shows it whole.
  if (lesson && course.slug === undefined) return '/learning/notes'
  return isDraft ? `/teach/courses/${id}` : `/courses/${slug}`
}

const ICONS = {
  course: 'i-lucide-library',
  about: 'i-lucide-library',
  section: 'i-lucide-list',
  note: 'i-lucide-notebook-pen',
  spoken: 'i-lucide-captions',
} as const

export const iconOf = ({ kind, lesson }: SearchHit): string => {
  if (kind !== 'lesson' && kind !== 'text') return ICONS[kind]
  return lesson && !lesson.isOpen ? 'i-lucide-lock' : KIND_ICONS[lesson?.kind ?? 'article']
}

/** What tells one hit of a search from the next. */
export const keyOf = ({ kind, course, lesson, text, language, atSeconds }: SearchHit): string =>
  [kind, course.id, lesson?.id, language, atSeconds, text].join(' ')

export type CourseHits = { course: SearchHit['course']; hits: SearchHit[] }

/** Hits by course: the course of the best first, and each course's in the order they came in. */
export const byCourse = (hits: readonly SearchHit[]): CourseHits[] => {
  const groups = Map.groupBy(hits, ({ course }) => course.id)
  return [...groups.values()].flatMap((of) => {
    const named = of.find(({ course }) => course.slug !== undefined) ?? of[0]
    return named ? [{ course: named.course, hits: of }] : []
  })
}
