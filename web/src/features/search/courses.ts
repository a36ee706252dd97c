import type { CatalogueEntry } from '#contract/catalogue.ts'
import type { Place } from '../../lib/places.ts'

const MOST = 5

const folded = (text: string): string => text.toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, '')
const wordsOf = (text: string): string[] =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

export type NamedCourse = { place: Place; words: string[] }

/** Once for many searches: to take two thousand titles apart at each key is felt. */
export const namedCourses = (courses: readonly Pick<CatalogueEntry, 'slug' | 'title'>[]): NamedCourse[] =>
  courses.map(({ slug, title }) => ({ place: { to: `/courses/${slug}`, label: title, icon: 'i-lucide-library' }, words: wordsOf(title) }))

/** The first few whose titles have words that begin so. */
export const coursesFor = (courses: readonly NamedCourse[], typed: string): Place[] => {
  const begun = wordsOf(typed)
  const found: Place[] = []
  for (const { place, words } of begun.length === 0 ? [] : courses) {
    if (found.length === MOST) break
    if (begun.every((begin) => words.some((word) => word.startsWith(begin)))) found.push(place)
  }
  return found
}
