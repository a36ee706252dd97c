import { COURSE_FILE, type TreeFile } from './documents.ts'
import { isCourseName, isName, LESSON_ENDING, nameLike } from './names.ts'
import { shown } from './shown.ts'

/** Where a file belongs: a lesson to a section's folder, the file of a course to none. */
export type Placed = { file: TreeFile; slug: string; section: string | undefined }

type Tell = (path: string, says: string, line?: number) => void

export const partsOf = (path: string): string[] => path.split('/')

/** What no path of ours has, and what could lead somewhere else. */
const TRICKS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\:]/u

const isTrick = (path: string): boolean =>
  path.length > 500 || !path.isWellFormed() || TRICKS.test(path) || partsOf(path).some((part) => part === '' || part === '.' || part === '..')

const nameSays = (what: string, name: string, ending = ''): string => {
  const like = nameLike(name)
  const help = like === undefined || like === name ? '' : ` Call it “${like}${ending}”.`
  return `${what} is called by small letters from a to z, digits and hyphens, not “${shown(name)}${ending}”.${help}`
}

const isReadme = (name: string): boolean => name.toLowerCase() === 'readme.md'

/** Nothing of ours is hidden, and a README tells of the files around it. */
const isAside = (parts: readonly string[]): boolean => parts.some((part) => part.startsWith('.')) || isReadme(parts.at(-1) ?? '')

/** What is wrong with where a file lies. */
const misplaced = (parts: readonly string[]): string | undefined => {
  const [slug = '', second = '', third] = parts
  if (!isCourseName(slug))
    return isName(slug) ? `“${slug}” is a page of the school’s: call the course’s folder otherwise.` : nameSays('A course’s folder', slug)
  if (parts.length === 2) {
    if (second === COURSE_FILE) return undefined
    if (second.toLowerCase() === COURSE_FILE) return `The file of a course is called ${COURSE_FILE}, in small letters.`
    return second.endsWith(LESSON_ENDING)
      ? 'A lesson lies in the folder of a section: move it into one, such as 01-introduction.'
      : `Of files beside ${COURSE_FILE} nothing would be shown: only lessons are read, and other files are sent to the school.`
  }
  if (parts.length > 3) return 'A section has no folders of its own: its lessons lie directly in it.'
  if (!isName(second)) return nameSays('A section’s folder', second)
  const name = third ?? ''
  if (!name.toLowerCase().endsWith(LESSON_ENDING))
    return 'Only lessons are read here, whose names end in .md. Other files are sent to the school, and pictures have an address.'
  const stem = name.slice(0, -LESSON_ENDING.length)
  return isName(stem) && name.endsWith(LESSON_ENDING) ? undefined : nameSays('A lesson’s file', stem, LESSON_ENDING)
}

/** Those of the files that courses are made of. Everything else below the folder is told of, save what has a right to be there. */
export const placed = (files: readonly TreeFile[], folder: string, tell: Tell): Placed[] => {
  const base = folder === '' ? '' : `${folder}/`
  const seen = new Map<string, string>()
  return files.flatMap((file): Placed[] => {
    // Whatever lies directly in the folder is none of a course.
    if (!file.path.startsWith(base) || partsOf(file.path.slice(base.length)).length < 2) return []
    if (isTrick(file.path)) {
      tell(file.path, 'This is no path that is read: there are signs in it that no name of a course has.')
      return []
    }
    const parts = partsOf(file.path.slice(base.length))
    if (isAside(parts)) return []
    const [slug = '', section] = parts
    const plain = file.path.normalize('NFKC').toLowerCase()
    const before = seen.get(plain)
    seen.set(plain, file.path)
    const wrong = before === undefined ? misplaced(parts) : `This differs only by its letters’ case from ${shown(before)}: on many disks they are one file.`
    if (wrong === undefined) return [{ file, slug, section: parts.length === 2 ? undefined : section }]
    tell(file.path, wrong)
    return []
  })
}
