import type { Course } from '#contract/courses.ts'
import type { SalesPage } from '#contract/sales-page.ts'
import { NOTHING_MORE } from '#contract/usual.ts'
import { keptLessons, refuseKeptCourse } from '#core/courses/kept.ts'
import { changedElsewhere, ownCourse, wholeCourse } from '#core/courses/outline.ts'
import {
  courseRecords,
  lessonRecords,
  publishedLessonRecords,
  removedLessonRecords,
  type StoredCourse,
  type StoredLesson,
  touched,
} from '#core/courses/records.ts'
import { checkRequired } from '#core/courses/requiring.ts'
import type { Actor } from '#core/handlers.ts'
import { chunks, type Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { type Change, TABLE_LIMITS, type Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { keepVersion, readSnapshot } from './keep.ts'
import { type Snapshot, versionRecords } from './records.ts'

/** As many lessons as fit into one commit even when each is as large as an item may be, less one for all the small things beside them. */
const LESSONS_A_COMMIT = Math.floor(TABLE_LIMITS.commitBytes / TABLE_LIMITS.itemBytes) - 1

export const draftOf = async (tables: Tables, course: StoredCourse): Promise<Snapshot> => {
  const ids = course.sections.flatMap(({ lessons }) => lessons)
  const found = await Promise.all(ids.map((id) => lessonRecords.get(tables, { id })))
  return { course, lessons: found.flatMap((lesson) => (lesson ? [lesson.value] : [])) }
}

type Back = { lesson: StoredLesson; isBare: boolean; change: Change }

/**
 * A lesson with the words it had. Video and files are those it has now, or that learners still have of it: what an old version names
 * may have been replaced and removed since.
 */
const broughtBack = async (tables: Tables, { video, files, kept: _, ...said }: StoredLesson): Promise<Back> => {
  const draft = await lessonRecords.get(tables, said)
  const present = draft ?? (await publishedLessonRecords.get(tables, said))
  const own = present?.value.video
  const lesson: StoredLesson = { ...said, files: present?.value.files ?? [], ...(own !== undefined && { video: own }) }
  const isBare = !present && (video !== undefined || files.length > 0)
  return { lesson, isBare, change: draft ? lessonRecords.replace(draft, lesson) : lessonRecords.add(lesson) }
}

/** A sales page as it was: the photo is today's, since an older one may be gone, and the trailer is one that came back with it. */
const salesAgain = (
  { trailer, teacher, ...then }: SalesPage,
  { sales, lessons }: { sales: SalesPage | undefined; lessons: readonly StoredLesson[] },
): SalesPage => {
  const photo = sales?.teacher.photo
  const isThere = lessons.some(({ id, kind, isPreview }) => id === trailer && kind === 'video' && isPreview)
  return {
    ...then,
    ...(trailer !== undefined && isThere && { trailer }),
    teacher: { text: teacher.text, ...(photo !== undefined && { photo }) },
  }
}

/** What a version says of the course, over what is the course's whatever its version: its name in links, its teacher, whether it is published. */
const withSaid = async (tables: Tables, present: StoredCourse, { course: then, lessons }: Snapshot): Promise<StoredCourse> => {
  const { title, summary, description, outcomes, price, otherPrices, sections, completion, isSequential, requires } = then
  const { completion: _, isSequential: __, requires: kept, sales, ...rest } = present
  // Courses it asked for may have left the catalogue, or ask for this one by now.
  const asked = await checkRequired(tables, present.id, requires ?? []).then(
    () => requires,
    (error: unknown) => {
      if (error instanceof Refusal) return kept
      throw error
    },
  )
  return {
    ...rest,
    ...{ title, summary, description, outcomes, price, otherPrices, sections },
    ...(completion && { completion }),
    ...(isSequential && { isSequential }),
    ...(asked && { requires: asked }),
    ...((then.sales || sales) && { sales: salesAgain(then.sales ?? NOTHING_MORE, { sales, lessons }) }),
  }
}

const committed = async (world: World, changes: Change[]): Promise<void> => {
  if ((await world.tables.commit(changes)) === 'conflict') throw changedElsewhere()
}

/** The draft as it stands, kept under a number of its own, so that what follows can be taken back. */
const keepDraft = async (world: World, actor: Actor, course: Stored<StoredCourse>): Promise<{ draft: Snapshot; kept: number; held: Stored<StoredCourse> }> => {
  const draft = await draftOf(world.tables, course.value)
  const { number, changes } = await keepVersion(world, { ...draft, why: 'replaced', by: actor.name })
  await committed(world, [courseRecords.replace(course, { ...course.value, versions: number }), ...changes])
  const held = await courseRecords.get(world.tables, course.value)
  if (held?.value.versions !== number || held.value.revision !== course.value.revision) throw changedElsewhere()
  return { draft, kept: number, held }
}

/** Lessons that the version does not have: taken out as by hand, and kept as long. */
const takenOut = ({ course, lessons }: Snapshot, then: ReadonlySet<string>, at: string): Change[] =>
  lessons
    .filter(({ id }) => !then.has(id))
    .map(({ id, title, kind }) => {
      const section = course.sections.find((each) => each.lessons.includes(id))
      return removedLessonRecords.put({ course: course.id, lesson: id, title, kind, section: section?.id ?? '', place: section?.lessons.indexOf(id) ?? 0, at })
    })

type Restored = { course: Course; kept: number; without: { id: string; title: string }[] }

/**
 * Brings a version back into the draft: the draft is kept, lessons are written, and the course that names them comes last. Cut short, the draft
 * has some lessons in their old words, and the version kept of it has them all.
 */
export const restore = async (world: World, actor: Actor, { course: id, number }: { course: string; number: number }): Promise<Restored> => {
  const { tables, clock } = world
  const course = await ownCourse(tables, actor, id, { to: 'teach' })
  refuseKeptCourse(course.value)
  if ((await keptLessons(tables, course.value)).size > 0)
    throw new Refusal('kept-in-git', 'Lessons of this course are kept in Git: its older versions are there.')
  const version = await versionRecords.get(tables, { course: id, number })
  const snapshot = version && (await readSnapshot(world, version.value))
  if (!snapshot) throw missing('version')
  const { draft, kept, held } = await keepDraft(world, actor, course)
  const lessons = new Set(snapshot.lessons.map((lesson) => lesson.id))
  const out = takenOut(draft, lessons, clock.now().toISOString())
  for (const some of chunks(out, TABLE_LIMITS.commitEntries - 1)) await committed(world, [courseRecords.holds(held), ...some])
  const back: Back[] = []
  for (const some of chunks(snapshot.lessons, LESSONS_A_COMMIT)) {
    const written = await Promise.all(some.map((lesson) => broughtBack(tables, lesson)))
    await committed(world, [courseRecords.holds(held), ...written.map(({ change }) => change)])
    back.push(...written)
  }
  const after = touched(clock, await withSaid(tables, held.value, snapshot))
  await committed(world, [courseRecords.replace(held, after)])
  for (const some of chunks([...lessons], TABLE_LIMITS.commitEntries))
    await tables.commit(some.map((lesson) => removedLessonRecords.remove({ course: id, lesson })))
  const without = back.filter(({ isBare }) => isBare).map(({ lesson }) => ({ id: lesson.id, title: lesson.title }))
  return { course: await wholeCourse(world, after), kept, without }
}
