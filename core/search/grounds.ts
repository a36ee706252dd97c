import type { LessonKind } from '#contract/lesson-kinds.ts'
import { hasRole } from '#contract/roles.ts'
import { mayDo } from '#core/courses/policy.ts'
import { courseRecords, publicationRecords, type StoredCourse, type StoredPublication } from '#core/courses/records.ts'
import { decidedEach } from '#core/grants/access.ts'
import { follows } from '#core/grants/decide.ts'
import type { Actor } from '#core/handlers.ts'
import { taughtBy } from '#core/helpers/taught.ts'
import { followedBy } from '#core/learning/curriculum.ts'
import { all, chunks } from '#core/records.ts'
import { missing } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { atMost, type Held, heldIndex, type MayMake } from './held.ts'
import { plainOf } from './plain.ts'

/** A course somebody may look in, and what of it they may be told at all; whether a lesson is open is asked of each hit. */
export type Ground = {
  course: { id: string; slug: string; title: string; isDraft: boolean }
  about: string
  sections: readonly { id: string; title: string; lessons: readonly { id: string; title: string; kind: LessonKind }[] }[]
  /** They teach it, help with it, or are asked about it as an admin: all of it is theirs, as it is written now. */
  isStaff: boolean
  /** They follow or teach it, rather than see it in the catalogue. */
  isOwn: boolean
  /** Lessons in which it is worth looking: those that can be open to them. */
  within: ReadonlySet<string>
  index: Held | undefined
}

/** Past so many courses of one's own, or others that show something for free, what is within the rest is not looked at; titles always are. */
const MOST_COURSES = 200
const AT_ONCE = 20
/** Indexes that are missing are made while somebody waits, who may be anybody: so many for each search, the next ones for the next. Of the rest only titles are found. */
export const MOST_MADE = 5
/** Of a teacher's own, which have to be made whenever they have written in them. */
const MOST_OWN_MADE = 20

type Words = Pick<StoredCourse, 'summary' | 'description' | 'outcomes'>
export const aboutOf = ({ summary, description, outcomes }: Words): string =>
  [summary, ...outcomes, plainOf(description)].filter((part) => part !== '').join('\n')

/** All of it is theirs, as it is written now. */
export const staffs = (tables: Tables, actor: Actor | undefined, { id, teacher }: StoredCourse): Promise<boolean> =>
  mayDo(tables, actor, { id, teacherId: teacher.id }, 'see')

const staffGround = async (world: World, course: StoredCourse, mayMake: MayMake): Promise<Ground> => {
  const { id, slug, title, status, revision } = course
  const index = await heldIndex(world, id, { revision, mayMake })
  const sections = course.sections.map((section) => ({
    ...{ id: section.id, title: section.title },
    lessons: section.lessons.flatMap((lesson) => {
      const known = index?.lessons.get(lesson)
      return known ? [{ id: lesson, title: known.title, kind: known.kind }] : []
    }),
  }))
  const within = new Set(sections.flatMap(({ lessons }) => lessons.map((lesson) => lesson.id)))
  return { course: { id, slug, title, isDraft: status === 'draft' }, about: aboutOf(course), sections, isStaff: true, isOwn: true, within, index }
}

type Looking = { isOwn: boolean; isAdmin: boolean; mayMake: MayMake }

const openGround = async (world: World, publication: StoredPublication, { isOwn, isAdmin, mayMake }: Looking): Promise<Ground> => {
  const { id, slug, title, sections } = publication
  const lessons = sections.flatMap((section) => section.lessons)
  const within = new Set(lessons.filter(({ isPreview }) => isOwn || isAdmin || isPreview).map((lesson) => lesson.id))
  const index = within.size > 0 ? await heldIndex(world, id, { mayMake }) : undefined
  return { course: { id, slug, title, isDraft: false }, about: aboutOf(publication), sections, isStaff: false, isOwn, within, index }
}

/** One course, for whoever may see its page, follows it or is its staff; to anybody else it is missing. */
export const groundOf = async (world: World, actor: Actor | undefined, id: string): Promise<Ground> => {
  const isAdmin = actor !== undefined && hasRole(actor, 'admin')
  const mayMake = atMost(1)
  const draft = actor && (await courseRecords.get(world.tables, { id }))?.value
  if (draft && (await staffs(world.tables, actor, draft))) return staffGround(world, draft, mayMake)
  const publication = (await publicationRecords.get(world.tables, { id }))?.value
  if (!publication || publication.isClosed) throw missing('course')
  const { stand } = await decidedEach(world, actor, publication)
  const isOwn = follows(stand)
  if (!publication.isListed && !isOwn) throw missing('course')
  return openGround(world, publication, { isOwn, isAdmin, mayMake })
}

/** The catalogue's order, the newest first. An index may lag: whether a course is still listed is asked of each hit. */
const listed = ({ tables }: World): Promise<StoredPublication[]> =>
  all((page) => publicationRecords.listIndex(tables, 'catalogue', { descending: true, limit: 1000, ...(page !== undefined && { page }) }))

const inTurn = async <T>(of: readonly T[], ground: (each: T) => Promise<Ground>): Promise<Ground[]> => {
  const found: Ground[] = []
  for (const some of chunks(of, AT_ONCE)) found.push(...(await Promise.all(some.map(ground))))
  return found
}

/** Everywhere somebody may look: what they follow, the newest first, what they teach or help with, and the catalogue. */
export const groundsOf = async (world: World, actor: Actor | undefined): Promise<Ground[]> => {
  const isAdmin = actor !== undefined && hasRole(actor, 'admin')
  const [catalogue, taught, followed] = await Promise.all([
    listed(world),
    actor ? taughtBy(world.tables, actor.id) : [],
    actor ? followedBy(world, actor.id) : [],
  ])
  const staffed = new Set(taught.map(({ id }) => id))
  const owned = [...new Set(followed.map(({ course }) => course))].filter((id) => !staffed.has(id)).slice(0, MOST_COURSES)
  const followedNow = await Promise.all(owned.map((id) => publicationRecords.get(world.tables, { id })))
  const own = followedNow.flatMap((publication) => (publication && !publication.value.isClosed ? [publication.value] : []))
  const others = catalogue.filter(({ id, isClosed }) => !isClosed && !staffed.has(id) && !owned.includes(id))
  const [mayMake, mayMakeOwn] = [atMost(MOST_MADE), atMost(MOST_OWN_MADE)]
  const near = await inTurn(own, (publication) => openGround(world, publication, { isOwn: true, isAdmin, mayMake }))
  const mine = await inTurn(taught.slice(0, MOST_COURSES), (course) => staffGround(world, course, mayMakeOwn))
  const far = await inTurn(others.slice(0, MOST_COURSES), (publication) => openGround(world, publication, { isOwn: false, isAdmin, mayMake }))
  const titles = others.slice(MOST_COURSES).map((publication): Ground => {
    const { id, slug, title, sections } = publication
    const course = { id, slug, title, isDraft: false }
    return { course, about: aboutOf(publication), sections, isStaff: false, isOwn: false, within: new Set<string>(), index: undefined }
  })
  return [...near, ...mine, ...far, ...titles]
}
