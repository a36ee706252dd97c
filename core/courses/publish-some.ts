import type { PublishedLesson } from '#contract/catalogue.ts'
import type { SectionOpening } from '#contract/opening.ts'
import type { Stored } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { interleaved } from './interleaved.ts'
import { type Beside, publishedAsWritten, publishedEach, publishedFields, publishedLesson, refuseUnready } from './publish.ts'
import { lessonRecords, publicationRecords, publishedLessonRecords, type StoredCourse, type StoredLesson, type StoredPublication } from './records.ts'

/**
 * `shown` as their drafts are, and `gone`; `kept` are all lessons of the draft whose order is that of their files. With `isCourse` what the
 * course says of itself is published too, and with it names and order of its sections.
 */
export type SomeLessons = { shown: ReadonlySet<string>; gone: ReadonlySet<string>; kept: ReadonlySet<string>; isCourse: boolean; isAllThereIs: boolean }

type Sections = StoredPublication['sections']
type Outline = { id: string; title: string; lessons: string[] }[]

/** Sections that learners have not seen yet come behind the one they stand behind in the draft. */
const withNew = (shown: Outline, draft: StoredCourse['sections'], isNeeded: (lesson: string) => boolean): Outline => {
  const after = [...shown]
  for (const [place, { id, title, lessons }] of draft.entries()) {
    if (after.some((section) => section.id === id) || !lessons.some(isNeeded)) continue
    const before = new Set(draft.slice(0, place).map((section) => section.id))
    after.splice(after.findLastIndex((section) => before.has(section.id)) + 1, 0, { id, title, lessons: [] })
  }
  return after
}

/** The published outline with lessons of files where the draft has them; everything else stays where it was published. */
export const withLessons = (
  published: Outline,
  draft: StoredCourse['sections'],
  { shown, gone, kept }: Pick<SomeLessons, 'shown' | 'gone' | 'kept'>,
): Outline => {
  const seen = new Set([...published.flatMap(({ lessons }) => lessons), ...shown])
  const ordered = (section: string): string[] =>
    (draft.find(({ id }) => id === section)?.lessons ?? []).filter((lesson) => kept.has(lesson) && seen.has(lesson) && !gone.has(lesson))
  const stays = (section: string, lesson: string): boolean => !gone.has(lesson) && (!kept.has(lesson) || ordered(section).includes(lesson))
  const sections = withNew(published, draft, (lesson) => kept.has(lesson) && seen.has(lesson) && !gone.has(lesson))
  return sections
    .map(({ id, title, lessons }) => ({
      ...{ id, title },
      lessons: interleaved(
        lessons.filter((lesson) => stays(id, lesson)),
        ordered(id),
      ),
    }))
    .filter(({ lessons }) => lessons.length > 0)
}

/** Sections as the draft has them; those it has no more come last. */
const likeDraft = (shown: Outline, draft: StoredCourse['sections']): Outline => {
  const place = new Map(draft.map(({ id }, index) => [id, index]))
  const titles = new Map(draft.map(({ id, title }) => [id, title]))
  const named = shown.map((section) => ({ ...section, title: titles.get(section.id) ?? section.title }))
  return named.toSorted((a, b) => (place.get(a.id) ?? draft.length) - (place.get(b.id) ?? draft.length))
}

const opened = (opens: SectionOpening | undefined): { opens?: SectionOpening } => (opens ? { opens } : {})

const lessonsIn = async (tables: Tables, kind: typeof lessonRecords, ids: Iterable<string>): Promise<Map<string, StoredLesson>> => {
  const found = await Promise.all([...ids].map((id) => kind.get(tables, { id })))
  return new Map(found.flatMap((lesson) => (lesson ? [[lesson.value.id, lesson.value]] : [])))
}

const patched = async (
  tables: Tables,
  { publication, course, drafts }: { publication: StoredPublication; course: StoredCourse; drafts: ReadonlyMap<string, StoredLesson> },
  some: SomeLessons,
): Promise<StoredPublication> => {
  const entries = new Map(publication.sections.flatMap(({ lessons }) => lessons).map((lesson) => [lesson.id, lesson]))
  for (const [id, draft] of drafts) entries.set(id, await publishedLesson(tables, draft))
  const before = publication.sections.map(({ id, title, lessons }) => ({ id, title, lessons: lessons.map((lesson) => lesson.id) }))
  const outline = withLessons(before, course.sections, some)
  const opens = new Map([...course.sections, ...(some.isCourse ? [] : publication.sections)].map((section) => [section.id, section.opens]))
  const sections: Sections = (some.isCourse ? likeDraft(outline, course.sections) : outline).map((section) => ({
    ...section,
    ...opened(opens.get(section.id)),
    lessons: section.lessons.flatMap((id): PublishedLesson[] => {
      const entry = entries.get(id)
      return entry ? [entry] : []
    }),
  }))
  const flat = sections.flatMap(({ lessons }) => lessons)
  const { completion: _, isSequential: __, requires: ___, sales: ____, ...rest } = publication
  const base = some.isCourse ? { ...rest, ...publishedFields(course) } : publication
  return { ...base, sections, lessons: flat.length, durationSeconds: flat.reduce((sum, { durationSeconds }) => sum + (durationSeconds ?? 0), 0) }
}

/**
 * Publishes some lessons of a course that has been published, listed or not, and nothing else that its teacher has changed since. With `isAllThereIs` there was
 * nothing else, so that the draft is what learners have.
 */
export const publishLessons = async (world: World, before: Stored<StoredCourse>, some: SomeLessons, beside: Beside): Promise<void> => {
  const { tables, clock } = world
  const publication = await publicationRecords.get(tables, { id: before.value.id })
  if (!publication) throw new Error(`Course ${before.value.id} is published, and no publication is stored.`)
  const ids = new Set([...some.shown, ...some.gone])
  const drafts = await lessonsIn(tables, lessonRecords, some.shown)
  const published = await lessonsIn(tables, publishedLessonRecords, ids)
  await refuseUnready(tables, drafts.values(), published)
  await publishedEach(world, before, { ids, now: drafts, published, holds: beside.holds })
  const { revision, publishedRevision } = before.value
  const isPublished = some.isAllThereIs ? { publishedRevision: revision } : publishedRevision === undefined ? {} : { publishedRevision }
  const after: StoredCourse = { ...before.value, updatedAt: clock.now().toISOString(), ...isPublished }
  const course = before.value
  await publishedAsWritten(world, { before, after, publication: await patched(tables, { publication: publication.value, course, drafts }, some), beside })
}
