import type { CourseLearner, insights as contract, LearnerOrder } from '#contract/insights.ts'
import { LEARNERS_A_PAGE } from '#contract/insights.ts'
import { ownCourse } from '#core/courses/outline.ts'
import { publicationRecords } from '#core/courses/records.ts'
import { folded } from '#core/folded.ts'
import { ledgerOf } from '#core/grants/access.ts'
import { isRunning } from '#core/grants/decide.ts'
import type { Handlers } from '#core/handlers.ts'
import { progressIn } from '#core/learning/progress.ts'
import { type Cell, csvRows, csvText } from '#core/money/csv.ts'
import { missing } from '#core/refusal.ts'
import type { Page, Tables } from '#ports/tables.ts'
import { doingsIn } from './doings.ts'
import { gather } from './gathering.ts'
import { funnelTotals } from './keeping.ts'
import { learnerRecords, NAMES, namedLearnerRecords, progressedIn, type StoredLearner, seenIn, standingsOf, wordRecords, wordsIn, wordsOf } from './records.ts'

const ROWS_A_PART = 1000

const shown = ({ course: _, ...learner }: StoredLearner): CourseLearner => learner

type Listing = { course: string; order: LearnerOrder; page?: string | undefined }

const ordered = (tables: Tables, { course, order, page }: Listing): Promise<Page<StoredLearner>> => {
  const options = { limit: LEARNERS_A_PAGE, ...(page !== undefined && { page }) }
  switch (order) {
    case 'name':
      return namedLearnerRecords.list(tables, standingsOf(course), { prefix: NAMES, ...options })
    case 'most':
    case 'least':
      return namedLearnerRecords.listIndex(tables, progressedIn(course), { descending: order === 'most', ...options })
    default:
      return learnerRecords.listIndex(tables, seenIn(course), { descending: order === 'seen', ...options })
  }
}

/** Those that have a word beginning so for each that is looked for. The longest is looked up, the others are compared; a page may be short, or empty and have a next one. */
const found = async (tables: Tables, { course, words, page }: { course: string; words: string[]; page?: string | undefined }): Promise<Page<StoredLearner>> => {
  const [longest = ''] = words.toSorted((one, other) => other.length - one.length)
  const listed = await wordRecords.list(tables, wordsIn(course), { prefix: longest, limit: LEARNERS_A_PAGE, ...(page !== undefined && { page }) })
  // Two words of one name may begin alike.
  const rows = await Promise.all([...new Set(listed.items.map(({ id }) => id))].map((id) => learnerRecords.get(tables, { course, id })))
  const items = rows.flatMap((row) => (row && words.every((word) => wordsOf(row.value).some((own) => own.startsWith(word))) ? [row.value] : []))
  return { items: items.toSorted((one, other) => folded(one.name).localeCompare(folded(other.name))), ...(listed.next !== undefined && { next: listed.next }) }
}

const sectionsOf = async (tables: Tables, course: string) => (await publicationRecords.get(tables, { id: course }))?.value.sections ?? []

const lessonsOf = async (tables: Tables, course: string): Promise<number> =>
  (await sectionsOf(tables, course)).reduce((sum, { lessons }) => sum + lessons.length, 0)

export const listLearners: Handlers<typeof contract>['learners'] = async (world, actor, { course, order, search = '', page }) => {
  const { tables } = world
  await ownCourse(tables, actor, course, { to: 'learners' })
  const isGathering = await gather(world, course)
  // An address is one word, however it is written.
  const words = folded(search)
    .split(/[^\p{L}\p{N}@._+-]+/u)
    .filter((word) => word !== '')
  const [{ items, next }, { learners: total }, lessons] = await Promise.all([
    words.length > 0 ? found(tables, { course, words, page }) : ordered(tables, { course, order, page }),
    funnelTotals(tables, course),
    lessonsOf(tables, course),
  ])
  return { learners: items.map(shown), total, lessons, isGathering, ...(next !== undefined && { next }) }
}

export const showLearner: Handlers<typeof contract>['learner'] = async (world, actor, { course, person }) => {
  const { tables, clock } = world
  await ownCourse(tables, actor, course, { to: 'learners' })
  const row = (await learnerRecords.get(tables, { course, id: person }))?.value
  if (!row) throw missing('learner')
  const [sections, progress, facts, doings] = await Promise.all([
    sectionsOf(tables, course),
    progressIn(tables, person, course),
    ledgerOf(tables, { id: person }, course),
    doingsIn(tables, { learner: person, course }),
  ])
  const of = new Map(progress.map((each) => [each.lesson, each]))
  const done = new Map(doings.map((each) => [each.lesson, each]))
  return {
    // A right may have run out since it was written down.
    learner: { ...shown(row), hasEnded: !isRunning(facts, clock.now().toISOString()) },
    sections: sections.map(({ id, title, lessons }) => ({
      ...{ id, title },
      lessons: lessons.map((lesson) => {
        const { isCompleted = false, share, at: movedAt } = of.get(lesson.id) ?? {}
        const { quiz, work, at = movedAt } = done.get(lesson.id) ?? {}
        const { id: key, title: name, kind } = lesson
        const more = { ...(share !== undefined && { share }), ...(quiz && { quiz }), ...(work && { work }) }
        return { id: key, title: name, kind, isCompleted, ...more, ...(at !== undefined && { at }) }
      }),
    })),
  }
}

const HEAD = ['Name', 'E-mail', 'Since', 'Last seen', 'Completed lessons', 'Lessons', 'Access']

export const exportLearners: Handlers<typeof contract>['exportLearners'] = async ({ tables, clock }, actor, { course, page }) => {
  const { value } = await ownCourse(tables, actor, course, { to: 'learners' })
  const lessons = await lessonsOf(tables, course)
  const listed = await namedLearnerRecords.list(tables, standingsOf(course), { prefix: NAMES, limit: ROWS_A_PART, ...(page !== undefined && { page }) })
  const rows = listed.items.map(({ name, email, since, seenAt, completed, hasEnded }): Cell[] => [
    ...[name, email, since, seenAt, completed, lessons],
    hasEnded ? 'ended' : 'open',
  ])
  const csv = page === undefined ? csvText(HEAD, rows) : csvRows(rows)
  const fileName = `learners-${value.slug}-${clock.now().toISOString().slice(0, 10)}.csv`
  return { fileName, csv, ...(listed.next !== undefined && { next: listed.next }) }
}
