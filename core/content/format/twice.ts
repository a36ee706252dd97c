import type { TreeCourse, TreeSection } from './documents.ts'
import { shown } from './shown.ts'

type Tell = (path: string, says: string, line?: number) => void

/** Tells of the second one of each name, and where the first is. */
const once = (tell: Tell, what: string): ((name: string | undefined, path: string) => void) => {
  const seen = new Map<string, string>()
  return (name, path) => {
    if (name === undefined) return
    const before = seen.get(name)
    if (before === undefined) seen.set(name, path)
    else tell(path, `${what} ${name} is also in ${before}${before === path ? ', twice' : ''}.`)
  }
}

/** A section whose id is written down is known by it; of the others, by their titles, there is one each. */
const titlesTwice = ({ path, sections }: TreeCourse, tell: Tell): void => {
  for (const [title, some] of Map.groupBy(sections, (section: TreeSection) => section.title)) {
    if (some.length < 2 || some.every(({ id }) => id !== undefined)) continue
    tell(path, `Two sections are called “${shown(title)}”: ${some.map(({ folder }) => folder).join(', ')}.`)
  }
}

/** Whatever may be there once only, in all courses together. */
export const sameTwice = (courses: readonly TreeCourse[], tell: Tell): void => {
  const [course, section, lesson] = [once(tell, 'The course’s id'), once(tell, 'The section’s id'), once(tell, 'The lesson’s id')]
  const [video, file] = [once(tell, 'The video'), once(tell, 'The file')]
  for (const each of courses) {
    course(each.course?.id, each.path)
    titlesTwice(each, tell)
    for (const { id, lessons } of each.sections) {
      section(id, each.path)
      for (const { path, document } of lessons) {
        lesson(document.id, path)
        video(document.video, path)
        for (const named of document.files) file(named.id, path)
      }
    }
  }
}
