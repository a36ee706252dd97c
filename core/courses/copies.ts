import type { Course } from '#contract/courses.ts'
import type { Actor } from '#core/handlers.ts'
import { copiedBanks } from '#core/quizzes/copied-banks.ts'
import { chunks } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import { TABLE_LIMITS } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { MOST_LESSONS } from './limits.ts'
import { changedElsewhere, ownCourse, ownLesson, saveCourse, wholeCourse } from './outline.ts'
import { courseRecords, lessonRecords, type StoredCourse, type StoredLesson, slugRecords } from './records.ts'
import { copiedSales } from './sales.ts'
import { freeSlug } from './slug.ts'

const MOST_TITLE = 120
const MARK = ' (copy)'

const copyTitle = (title: string): string => {
  let characters = [...title]
  while (characters.join('').length + MARK.length > MOST_TITLE) characters = characters.slice(0, -1)
  return characters.join('') + MARK
}

/**
 * A lesson anew. Its video and files stay with the one they were sent to: whoever removes that one means them too, and bytes that two
 * lessons share would go under the other's feet.
 */
const copied = ({ video: _, kept: __, ...lesson }: StoredLesson, as: Pick<StoredLesson, 'id' | 'course' | 'title'>): StoredLesson => ({
  ...lesson,
  ...as,
  files: [],
})

/** The quiz of a copied course draws from the copies of its banks. */
const drawing = (lesson: StoredLesson, banks: ReadonlyMap<string, string>): StoredLesson =>
  lesson.quiz ? { ...lesson, quiz: { ...lesson.quiz, draws: lesson.quiz.draws.map((draw) => ({ ...draw, bank: banks.get(draw.bank) ?? draw.bank })) } } : lesson

export const duplicateLesson = async (world: World, actor: Actor, { lesson: id }: { lesson: string }): Promise<Course> => {
  const { lesson, course } = await ownLesson(world.tables, actor, id, { to: 'edit' })
  if (course.value.sections.flatMap(({ lessons }) => lessons).length >= MOST_LESSONS)
    throw new Refusal('too-many', `A course holds at most ${MOST_LESSONS} lessons.`)
  const copy = copied(lesson.value, { id: world.ids.make('les'), course: course.value.id, title: copyTitle(lesson.value.title) })
  const sections = course.value.sections.map((section) => {
    const at = section.lessons.indexOf(id)
    return at === -1 ? section : { ...section, lessons: section.lessons.toSpliced(at + 1, 0, copy.id) }
  })
  return saveCourse(world, course, { course: { sections }, changes: [lessonRecords.add(copy)] })
}

/** As many lessons as fit into one commit even when each is as large as an item may be. */
const LESSONS_A_COMMIT = Math.floor(TABLE_LIMITS.commitBytes / TABLE_LIMITS.itemBytes)

/** A course of the actor's as another draft: its question banks and its lessons first, then the course that names them. */
export const duplicate = async (world: World, actor: Actor, { course: of, title }: { course: string; title: string }): Promise<Course> => {
  const { tables, ids, clock } = world
  const { value: original } = await ownCourse(tables, actor, of, { to: 'teach' })
  const at = clock.now().toISOString()
  const id = ids.make('crs')
  const names = new Map(original.sections.flatMap(({ lessons }) => lessons).map((lesson) => [lesson, ids.make('les')]))
  const found = await Promise.all([...names.keys()].map((lesson) => lessonRecords.get(tables, { id: lesson })))
  const banks = await copiedBanks(world, of, id)
  const copies = found.flatMap((lesson) =>
    lesson ? [drawing(copied(lesson.value, { id: names.get(lesson.value.id) ?? ids.make('les'), course: id, title: lesson.value.title }), banks)] : [],
  )
  for (const some of chunks(copies, LESSONS_A_COMMIT)) await tables.commit(some.map((lesson) => lessonRecords.add(lesson)))
  const there = new Set(copies.map((lesson) => lesson.id))
  const sections = original.sections.map((section) => ({
    ...section,
    id: ids.make('sec'),
    lessons: section.lessons.flatMap((lesson) => names.get(lesson) ?? []).filter((lesson) => there.has(lesson)),
  }))
  const { publishedAt: _, publishedRevision: __, publishAt: ___, publishFault: ____, archivedAt: _____, versions: ______, kept: _______, ...said } = original
  const course: StoredCourse = {
    ...said,
    ...{ id, title, slug: await freeSlug(tables, title, id), sections, teacher: { id: actor.id, name: actor.name } },
    ...{ status: 'draft', createdAt: at, updatedAt: at, revision: 1 },
    ...(said.sales && { sales: copiedSales(said.sales, names) }),
  }
  const outcome = await tables.commit([courseRecords.add(course), slugRecords.add({ slug: course.slug, course: id })])
  if (outcome === 'conflict') throw changedElsewhere()
  return wholeCourse(world, course)
}
