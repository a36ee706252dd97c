import { slugOf } from '#core/courses/slug.ts'

/** Of folders and files: small letters of the Latin alphabet, digits, and hyphens between them. */
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/
const MOST = 80

/** Lists of the catalogue lie at these names. */
const RESERVED = ['index', 'offers']

export const LESSON_ENDING = '.md'

export const isName = (name: string): boolean => NAME.test(name) && name.length <= MOST

export const isCourseName = (name: string): boolean => isName(name) && !RESERVED.includes(name)

/** A name like the one given that would do; undefined where nothing of it is left. */
export const nameLike = (name: string): string | undefined => slugOf(name) || undefined

/** `03-shadows` is number 3, `shadows`; what has no number comes last. */
const numbered = (name: string): { number: number; rest: string } => {
  const [, number, rest] = /^(\d{1,6})-(.+)$/.exec(name) ?? []
  return number === undefined || rest === undefined ? { number: Number.POSITIVE_INFINITY, rest: name } : { number: Number(number), rest }
}

/** By number, then by name: `2-light` comes before `10-shadow`, and both before `appendix`. */
export const compareNames = (one: string, other: string): number => {
  const [a, b] = [numbered(one), numbered(other)]
  if (a.number !== b.number) return a.number < b.number ? -1 : 1
  return one === other ? 0 : one < other ? -1 : 1
}

/** What a section is called whose course says nothing of it: `01-first-light` is “First light”. */
export const titleOfFolder = (folder: string): string => {
  const words = numbered(folder).rest.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** As many digits as the last of them needs, and two at least. */
const withNumber = (rest: string, number: number, of: number): string => `${String(number).padStart(String(Math.max(of, 10)).length, '0')}-${rest}`

/** `number` counts from 1; `of` is how many there are. */
export const sectionFolder = ({ title, number, of = number }: { title: string; number: number; of?: number }): string =>
  withNumber(slugOf(title) || 'section', number, of)

/** Whether a folder would be a section's, whatever its number: `03-ol-licht` is “Öl & Licht”’s. */
export const isFolderOf = (folder: string, title: string): boolean => numbered(folder).rest === (slugOf(title) || 'section')

export const lessonFile = ({ title, number, of = number }: { title: string; number: number; of?: number }): string =>
  `${withNumber(slugOf(title) || 'lesson', number, of)}${LESSON_ENDING}`

/** A path from the repository's root: `folder` may be empty, `slug` is the course's, `section` the folder of its section, as `sectionFolder` names it. */
export const lessonPath = ({
  folder,
  slug,
  section,
  number,
  title,
}: {
  folder: string
  slug: string
  section: string
  number: number
  title: string
}): string => [...(folder === '' ? [] : [folder]), slug, section, lessonFile({ title, number })].join('/')
