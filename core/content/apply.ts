import { courseRecords, lessonRecords, type StoredCourse, slugRecords, touched } from '#core/courses/records.ts'
import { chunks } from '#core/records.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { asSaid, saidOf } from './course-said.ts'
import { AppliedElsewhere, type Ground } from './ground.ts'
import { draftsOf } from './lessons-of.ts'
import { outlineWith } from './outline.ts'
import { type CoursePlan, isFileChanged, lessonsOf } from './plan.ts'
import { contentCourseRecords, contentFileRecords, contentGoneRecords, type LessonChange, type StoredContentCourse } from './records.ts'
import { show } from './show.ts'

/** As many lessons as fit into one commit beside the course, each as large as one may be. */
const LESSONS_A_COMMIT = 8
const FILES_A_COMMIT = 30

/** What was written on; somebody who has written since is not written over. */
const groundOf = async ({ tables }: World, id: string, before: number | undefined): Promise<Ground> => {
  const [course, record] = [await courseRecords.get(tables, { id }), await contentCourseRecords.get(tables, { course: id })]
  if (!course || !record) throw new AppliedElsewhere(`Course ${id} is gone.`)
  if (before !== undefined && course.version !== before + 1) throw new AppliedElsewhere(`Course ${id} has been changed meanwhile.`)
  return { course, record }
}

const sections = (plan: CoursePlan): StoredContentCourse['sections'] => plan.sections.map(({ folder, id, isMade }) => ({ folder, section: id, isMade }))

/** Of what has come and changed since it was last told, one thing for each lesson. */
const withChanges = (before: readonly LessonChange[], more: readonly LessonChange[]): LessonChange[] => {
  const byLesson = new Map(before.map((change) => [change.lesson, change]))
  for (const change of more) {
    const isNewStill = byLesson.get(change.lesson)?.what === 'created' && change.what !== 'removed'
    byLesson.set(change.lesson, isNewStill ? { ...change, what: 'created' } : change)
  }
  return [...byLesson.values()]
}

type Pending = NonNullable<StoredContentCourse['pending']>

/** What waits to be shown, once this write is done. Its teacher's own changes in between leave it behind their revision. */
const pendingAfter = (
  course: StoredCourse,
  before: Pending | undefined,
  { revision, changes }: { revision: number; changes: readonly LessonChange[] },
): Pending => ({
  changes: withChanges(before?.changes ?? [], changes),
  isCourseChanged: before?.isCourseChanged ?? false,
  isClean: before ? before.isClean && before.revision === course.revision : course.publishedRevision === course.revision,
  revision,
})

type Step = { course?: Partial<StoredCourse>; changes: readonly Change[]; told?: readonly LessonChange[] }

/** One commit of applying: the course, what is remembered, and what came. It holds only while this is still the head that is applied. */
const step = async (world: World, { course, record }: Ground, holds: readonly Change[], { course: wanted = {}, changes, told = [] }: Step): Promise<Ground> => {
  const after = touched(world.clock, { ...course.value, ...wanted })
  const pending = pendingAfter(course.value, record.value.pending, { revision: after.revision, changes: told })
  const own = [courseRecords.replace(course, after), contentCourseRecords.replace(record, { ...record.value, pending })]
  if ((await world.tables.commit([...own, ...holds, ...changes])) === 'conflict') throw new AppliedElsewhere()
  return groundOf(world, course.value.id, course.version)
}

type File = NonNullable<CoursePlan['file']>
const keptBy = ({ teacher, path, blob }: File): Pick<StoredCourse, 'teacher' | 'kept'> => ({ teacher, kept: { path, blob } })

const newCourse = (world: World, { id, slug }: CoursePlan, file: File): StoredCourse => {
  const at = world.clock.now().toISOString()
  return { id, slug, ...saidOf(world, file.document), ...keptBy(file), status: 'draft', sections: [], createdAt: at, updatedAt: at, revision: 1 }
}

/** A course as its file has it, or without one. */
const asFiled = (world: World, course: StoredCourse, file: CoursePlan['file']): StoredCourse => {
  const { kept: _, ...rest } = course
  return file ? { ...asSaid(world, rest, file.document), ...keptBy(file) } : rest
}

/** The first commit: the course as its file has it, and that its folder is being applied. */
const begin = async (world: World, plan: CoursePlan, holds: readonly Change[]): Promise<Ground> => {
  const { course, file, record, folder, id, slug } = plan
  // One that leaves is marked as kept to its last commit: by that mark it is known to leave after a crash.
  const isChanged = !plan.leaves && isFileChanged(plan)
  if (!course && !file) throw new Error(`Nothing makes the course of ${folder}.`)
  const changed = course && (isChanged ? touched(world.clock, asFiled(world, course.value, file)) : course.value)
  const after = changed ?? (file && newCourse(world, plan, file))
  if (!after) throw new Error(`Nothing makes the course of ${folder}.`)
  const before = record?.value.pending
  const pending = {
    ...pendingAfter(course?.value ?? after, before, { revision: after.revision, changes: [] }),
    isCourseChanged: isChanged || (before?.isCourseChanged ?? false),
  }
  const remembered = { course: id, folder, sections: withMade(record?.value.sections, sections(plan)), pending }
  const own = course ? [courseRecords.replace(course, after)] : [courseRecords.add(after), slugRecords.add({ slug, course: id })]
  const files = file ? [contentFileRecords.put({ path: file.path, blob: file.blob, course: id, isReleased: false })] : []
  const kept = record ? contentCourseRecords.replace(record, remembered) : contentCourseRecords.add(remembered)
  if ((await world.tables.commit([...own, kept, ...holds, ...files])) === 'conflict') throw new AppliedElsewhere()
  return groundOf(world, id, course?.version)
}

/** Sections that a folder made are remembered until they have gone from the outline. */
const withMade = (before: StoredContentCourse['sections'] | undefined, now: StoredContentCourse['sections']): StoredContentCourse['sections'] => [
  ...now,
  ...(before?.filter(({ section, isMade }) => isMade && !now.some((each) => each.section === section)) ?? []),
]

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** Lessons that came, changed or moved, some at a time, each with its file's record and in its place. */
const applyLessons = async (world: World, plan: CoursePlan, begun: Ground, holds: readonly Change[]): Promise<Ground> => {
  let ground = begun
  const stored = new Set((await draftsOf(world.tables, ground.course.value)).keys())
  for (const some of chunks(
    lessonsOf(plan).filter(({ what }) => what !== undefined),
    LESSONS_A_COMMIT,
  )) {
    for (const { lesson } of some) stored.add(lesson.id)
    const changes = some.flatMap(({ lesson, path, blob }) => [
      lessonRecords.put(lesson),
      contentFileRecords.put({ path, blob, course: plan.id, lesson: lesson.id, isReleased: false }),
    ])
    const told = some.flatMap(({ lesson, path, what }) => (what ? [{ what, lesson: lesson.id, course: plan.id, path, title: lesson.title }] : []))
    const outline = outlineWith(ground.course.value.sections, { ...plan, gone: [], record: ground.record, stored })
    ground = await step(world, ground, holds, { course: { sections: outline }, changes, told })
  }
  return ground
}

type Gone = CoursePlan['gone'][number]

/** What is told of lessons whose files went. */
const removals = ({ id }: CoursePlan, gone: readonly Gone[], titles: ReadonlyMap<string, string>): LessonChange[] =>
  gone.flatMap(({ lesson, path }) => (lesson === undefined ? [] : [{ what: 'removed', lesson, course: id, path, title: titles.get(lesson) ?? '' }]))

/** Changes beside the course, in as many commits as the limits ask. */
const commitAll = async ({ tables }: World, holds: readonly Change[], changes: readonly Change[]): Promise<void> => {
  for (const some of chunks(changes, FILES_A_COMMIT)) if ((await tables.commit([...holds, ...some])) === 'conflict') throw new AppliedElsewhere()
}

const goneWrites = (world: World, plan: CoursePlan, { path, blob, lesson = '' }: Gone): Change[] => [
  contentGoneRecords.put({ path, blob, lesson, course: plan.id, at: world.clock.now().toISOString() }),
  ...(plan.dropped.includes(path) ? [contentFileRecords.remove({ path })] : []),
]

const titlesOf = async ({ tables }: World, gone: readonly Gone[]): Promise<Map<string, string>> => {
  const found = await Promise.all(gone.flatMap(({ lesson }) => (lesson === undefined ? [] : [lessonRecords.get(tables, { id: lesson })])))
  return new Map(found.flatMap((lesson) => (lesson ? [[lesson.value.id, lesson.value.title]] : [])))
}

/** Lessons whose files went leave the outline; their drafts, with their videos, are kept aside. */
const applyGone = async (world: World, plan: CoursePlan, begun: Ground, holds: readonly Change[]): Promise<Ground> => {
  let ground = begun
  for (const some of chunks(plan.gone, FILES_A_COMMIT)) {
    const titles = await titlesOf(world, some)
    const leaving = new Set(some.map(({ lesson }) => lesson))
    const told = removals(plan, some, titles)
    const outline = ground.course.value.sections.map((section) => ({ ...section, lessons: section.lessons.filter((lesson) => !leaving.has(lesson)) }))
    ground = await step(world, ground, holds, { course: { sections: outline }, changes: some.flatMap((each) => goneWrites(world, plan, each)), told })
  }
  return ground
}

/** The outline as a whole, records of files that lie nowhere any more, and of those that do not count. */
const settle = async (world: World, plan: CoursePlan, begun: Ground, holds: readonly Change[]): Promise<Ground> => {
  let ground = begun
  const stored = new Set((await draftsOf(world.tables, ground.course.value)).keys())
  // A course that leaves keeps its outline: its lessons are the school's again.
  const outline = plan.leaves ? ground.course.value.sections : outlineWith(ground.course.value.sections, { ...plan, record: ground.record, stored })
  if (!isSame(outline, ground.course.value.sections)) ground = await step(world, ground, holds, { course: { sections: outline }, changes: [] })
  const taken = new Set([plan.file?.path, ...lessonsOf(plan).map(({ path }) => path), ...plan.released.map(({ path }) => path)])
  const drops = plan.dropped.filter((path) => !taken.has(path)).map((path) => contentFileRecords.remove({ path }))
  await commitAll(world, holds, [...drops, ...plan.released.map((file) => contentFileRecords.put(file))])
  return ground
}

/** Lessons of a course that leaves are the school's again: they stay with those who have the course. */
const applyLeaving = async (world: World, plan: CoursePlan, begun: Ground, holds: readonly Change[]): Promise<Ground> => {
  let ground = begun
  for (const some of chunks(plan.gone, LESSONS_A_COMMIT)) {
    const lessons = await Promise.all(some.flatMap(({ lesson }) => (lesson === undefined ? [] : [lessonRecords.get(world.tables, { id: lesson })])))
    const freed = lessons.flatMap((lesson) => {
      if (!lesson) return []
      const { kept: _, ...rest } = lesson.value
      return [lessonRecords.replace(lesson, rest)]
    })
    const titles = new Map(lessons.flatMap((lesson) => (lesson ? [[lesson.value.id, lesson.value.title]] : [])))
    const told = removals(plan, some, titles)
    ground = await step(world, ground, holds, { changes: [...freed, ...some.flatMap((each) => goneWrites(world, plan, each))], told })
  }
  return ground
}

/** All that is remembered of a course that is not there any more. */
const forget = async (world: World, plan: CoursePlan, holds: readonly Change[]): Promise<void> => {
  await commitAll(
    world,
    holds,
    plan.dropped.map((path) => contentFileRecords.remove({ path })),
  )
  await commitAll(world, holds, [contentCourseRecords.remove({ course: plan.id })])
}

/**
 * Makes a course what its files want, in as many commits as the limits ask. Cut short anywhere, it is planned and applied again from what is
 * stored by then, and comes to the same end. `holds` is what has to be so with each commit.
 * @throws AppliedElsewhere, or a refusal, when somebody else has written meanwhile
 */
export const applyCourse = async (world: World, plan: CoursePlan, holds: readonly Change[]): Promise<void> => {
  if (!plan.course && !plan.file) return forget(world, plan, holds)
  const begun = await begin(world, plan, holds)
  if (plan.leaves) {
    const left = await applyLeaving(world, plan, begun, holds)
    return show(world, plan, await settle(world, plan, left, holds), holds)
  }
  const written = await applyLessons(world, plan, begun, holds)
  const without = await applyGone(world, plan, written, holds)
  return show(world, plan, await settle(world, plan, without, holds), holds)
}
