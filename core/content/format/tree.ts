import type { FileFinding } from '#contract/content.ts'
import { readCourse, writeCourse } from './course.ts'
import { COURSE_FILE, type CourseDocument, type Reading, type TreeCourse, type TreeFile, type TreeLesson, type TreeSection } from './documents.ts'
import { readLesson, writeLesson } from './lesson.ts'
import { compareNames, lessonFile, titleOfFolder } from './names.ts'
import { type Placed, partsOf, placed } from './places.ts'
import { courseDocument, lessonDocument, type WholeCourse } from './stored.ts'
import { sameTwice } from './twice.ts'

export const MOST_LESSONS = 400
export const MOST_SECTIONS = 100

/** Collects what is wrong, so that all of it is told at once. */
type Findings = { tell(path: string, says: string, line?: number): void; all: FileFinding[] }

const findingsList = (): Findings => {
  const all: FileFinding[] = []
  return { all, tell: (path, says, line) => void all.push({ path, says, ...(line !== undefined && { line }) }) }
}

const documentOf = <T>(file: TreeFile, readFile: (text: string) => Reading<T>, { tell }: Findings): T | undefined => {
  if (file.text === undefined) {
    tell(file.path, 'This is no text in UTF-8.')
    return undefined
  }
  const reading = readFile(file.text)
  if ('document' in reading) return reading.document
  for (const { line, says } of reading.findings) tell(file.path, says, line)
  return undefined
}

type CourseFiles = { file: TreeFile | undefined; lessons: { file: TreeFile; section: string }[] }

/** Those the course's file names in its order, then the others by their names. */
const sectionsOf = (course: CourseDocument | undefined, folders: readonly string[]): Omit<TreeSection, 'lessons'>[] => {
  const named = course?.sections ?? []
  const others = folders.filter((folder) => !named.some((each) => each.folder === folder)).toSorted(compareNames)
  return [...named, ...others.map((folder) => ({ folder, title: titleOfFolder(folder) }))]
}

const readOne = (slug: string, base: string, { file, lessons }: CourseFiles, findings: Findings): TreeCourse => {
  const course = file && documentOf(file, readCourse, findings)
  const bySection = Map.groupBy(lessons, ({ section }) => section)
  const sections = sectionsOf(course, [...bySection.keys()]).map((section) => {
    const files = (bySection.get(section.folder) ?? []).toSorted((a, b) => compareNames(partsOf(a.file.path).at(-1) ?? '', partsOf(b.file.path).at(-1) ?? ''))
    const read = files.flatMap(({ file: each }): TreeLesson[] => {
      const document = documentOf(each, readLesson, findings)
      return document ? [{ path: each.path, document }] : []
    })
    return { ...section, lessons: read }
  })
  const path = `${base}${slug}/${COURSE_FILE}`
  if (lessons.length > MOST_LESSONS) findings.tell(path, `A course holds at most ${MOST_LESSONS} lessons; here are ${lessons.length}.`)
  if (sections.length > MOST_SECTIONS) findings.tell(path, `A course holds at most ${MOST_SECTIONS} sections; here are ${sections.length}.`)
  return { slug, path, ...(course && { course }), sections }
}

const byCourse = (places: readonly Placed[]): Map<string, CourseFiles> => {
  const found = new Map<string, CourseFiles>()
  for (const { file, slug, section } of places) {
    const files = found.get(slug) ?? { file: undefined, lessons: [] }
    found.set(slug, section === undefined ? { ...files, file } : { ...files, lessons: [...files.lessons, { file, section }] })
  }
  return found
}

/**
 * Reads every course below a folder, or says all that is wrong with any of them: there is nothing in between. What lies directly in the
 * folder, a README.md, and whatever begins with a dot is none of it.
 */
export const readTree = (files: readonly TreeFile[], folder = ''): { courses: TreeCourse[] } | { findings: FileFinding[] } => {
  const findings = findingsList()
  const places = placed(files, folder, findings.tell)
  const base = folder === '' ? '' : `${folder}/`
  const courses = [...byCourse(places)].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([slug, one]) => readOne(slug, base, one, findings))
  sameTwice(courses, findings.tell)
  return findings.all.length > 0 ? { findings: findings.all } : { courses }
}

/** The files of courses, so that reading them gives the same courses. */
export const writeTree = (courses: readonly TreeCourse[]): { path: string; text: string }[] =>
  courses.flatMap(({ path, course, sections }) => [
    ...(course ? [{ path, text: writeCourse(course) }] : []),
    ...sections.flatMap(({ lessons }) => lessons.map((lesson) => ({ path: lesson.path, text: writeLesson(lesson.document) }))),
  ])

/** A course of the school as a folder of files has it, each named by its place and title. */
export const treeOf = (whole: WholeCourse): TreeCourse => {
  const { course, lessons, folder } = whole
  const document = courseDocument(whole)
  const base = `${folder === '' ? '' : `${folder}/`}${course.slug}/`
  const sections = document.sections.map((section, index) => {
    const stored = (course.sections[index]?.lessons ?? []).flatMap((id) => lessons.get(id) ?? [])
    return {
      ...section,
      lessons: stored.map((lesson, at) => ({
        path: `${base}${section.folder}/${lessonFile({ title: lesson.title, number: at + 1, of: stored.length })}`,
        document: lessonDocument(lesson),
      })),
    }
  })
  return { slug: course.slug, path: `${base}${COURSE_FILE}`, course: document, sections }
}
