import { lessonPath, sectionFolder } from '#core/content/format/names.ts'
import { contentCourseRecords } from '#core/content/records.ts'
import { courseRecords, lessonRecords, type StoredCourse, type StoredLesson } from '#core/courses/records.ts'
import { all, chunks } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { runRecords, type StoredRun, type StoredSeries } from './records.ts'

type Section = StoredCourse['sections'][number]

/** Where a series writes to, as it is now; undefined where its course or section is gone. */
export const placeOf = async (
  tables: Tables,
  { course: id, section: wanted }: StoredSeries['brief'],
): Promise<{ course: StoredCourse; section: Section } | undefined> => {
  const course = (await courseRecords.get(tables, { id }))?.value
  const section = course?.sections.find((each) => each.id === wanted)
  return course && section && { course, section }
}

export const lessonsBy = async (tables: Tables, ids: readonly string[]): Promise<StoredLesson[]> => {
  const found: StoredLesson[] = []
  for (const some of chunks(ids, 25)) {
    const read = await Promise.all(some.map((id) => lessonRecords.get(tables, { id })))
    found.push(...read.flatMap((lesson) => (lesson ? [lesson.value] : [])))
  }
  return found
}

/** Every run of a series, newest first; an index may learn of the newest a moment later. */
export const runsOf = (tables: Tables, series: string): Promise<StoredRun[]> =>
  all((page) => runRecords.listIndex(tables, `runs-of#${series}`, { descending: true, limit: 1000, ...(page && { page }) }))

/** The folder that is the section's in the repository, or would be. */
const folderOf = async (tables: Tables, { course, section }: { course: StoredCourse; section: Section }): Promise<string> => {
  const there = (await contentCourseRecords.get(tables, { course: course.id }))?.value.sections.find((each) => each.section === section.id)
  const number = course.sections.findIndex(({ id }) => id === section.id) + 1
  return there?.folder ?? sectionFolder({ title: section.title, number, of: course.sections.length })
}

/**
 * The file of a lesson that is to be written. Lessons of a series keep the order of its outline, behind the others of the section; a name that
 * is another's gets the end of the lesson's id.
 */
export const pathFor = async (
  { tables, repository }: Pick<World, 'tables' | 'repository'>,
  { series, point, lesson }: { series: StoredSeries; point: string; lesson: string },
): Promise<string | undefined> => {
  const place = await placeOf(tables, series.brief)
  if (!place) return undefined
  const [runs, lessons] = await Promise.all([runsOf(tables, series.id), lessonsBy(tables, place.section.lessons)])
  const own = new Set(runs.map((run) => run.lesson.id))
  const kept = lessons.flatMap((each) => (each.kept ? [each.kept.path] : []))
  const folder = repository?.folder ?? ''
  const others = lessons.filter(({ id }) => !own.has(id)).length
  const { outline } = series.brief
  // One that the outline has no more comes behind those that it has.
  const number = others + (outline.includes(point) ? outline.indexOf(point) : outline.length) + 1
  const at = { folder, slug: place.course.slug, section: await folderOf(tables, place), number }
  const path = lessonPath({ ...at, title: point })
  const taken = [...kept, ...runs.flatMap((run) => (run.kind === 'trial' || run.point === point ? [] : [run.lesson.path]))]
  return taken.includes(path) ? lessonPath({ ...at, title: `${point.slice(0, 40)} ${lesson.slice(-6)}` }) : path
}
