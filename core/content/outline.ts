import { interleaved } from '#core/courses/interleaved.ts'
import type { StoredCourse } from '#core/courses/records.ts'
import type { CoursePlan } from './plan.ts'

type Sections = StoredCourse['sections']
type Outlined = Pick<CoursePlan, 'sections' | 'gone' | 'file' | 'record'> & {
  /** Lessons that are stored; the others come with a later commit. */
  stored: ReadonlySet<string>
}

/**
 * The outline of a course with its files in it. Lessons of files are in the order of their names; a lesson written in the school stays
 * behind the one it stood behind. Sections of a course kept in `course.md` are in its order, those of the school behind them; in
 * any other course new sections come last. A section that a folder has made goes when folder and lessons are gone.
 */
export const outlineWith = (before: Sections, { sections, gone, file, record, stored }: Outlined): Sections => {
  const wanted = new Map(sections.map(({ id, lessons }) => [id, lessons.map(({ lesson }) => lesson.id).filter((id) => stored.has(id))]))
  const [handled, leaving] = [new Set([...wanted.values()].flat()), new Set(gone.map(({ lesson }) => lesson))]
  const made = new Set(record?.value.sections.flatMap(({ section, isMade }) => (isMade ? [section] : [])))
  const said = new Map(file ? sections.map((section) => [section.id, section]) : [])
  const filled = before.map(({ id, title, opens, lessons }) => {
    const ordered = wanted.get(id) ?? []
    const here = new Set(ordered)
    const old = lessons.filter((lesson) => here.has(lesson) || !(handled.has(lesson) || leaving.has(lesson)))
    const { title: called, opens: opening } = said.get(id) ?? { title, opens }
    return { id, title: called, ...(opening && { opens: opening }), lessons: interleaved(old, ordered) }
  })
  const there = new Set(before.map(({ id }) => id))
  const added = sections
    .filter(({ id }) => !there.has(id))
    .map(({ id, title, opens }) => ({ id, title, ...(opens && { opens }), lessons: wanted.get(id) ?? [] }))
  const all = [...filled, ...added].filter(({ id, lessons }) => lessons.length > 0 || wanted.has(id) || !made.has(id))
  if (!file) return all
  const place = new Map(sections.map(({ id }, index) => [id, index]))
  return all.toSorted((a, b) => (place.get(a.id) ?? sections.length) - (place.get(b.id) ?? sections.length))
}
