import { type CourseTodo, type todo as contract, MOST_COUNTED } from '#contract/todo.ts'
import { handingRecords, queueOf } from '#core/assignments/records.ts'
import { ownCourse } from '#core/courses/outline.ts'
import { allows, type CourseAct, partIn } from '#core/courses/policy.ts'
import type { StoredCourse } from '#core/courses/records.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import { taughtBy } from '#core/helpers/taught.ts'
import { type StoredVideo, videoRecords } from '#core/media/records.ts'
import { once } from '#core/once.ts'
import { isReported, reviewRecords, shownOf } from '#core/reviews/records.ts'
import { allSeries, openRuns } from '#core/series/records.ts'
import { reportRecords, waitingRecords } from '#core/talk/records.ts'
import type { Tables } from '#ports/tables.ts'

/** Of a teacher’s videos, and of a course’s reviews, the newest: what is older has been seen. */
const MOST_LOOKED_AT = 100

type Draft = { series: string; run: string }

/** What is known of all courses at once. */
type Known = { failed: readonly StoredVideo[]; drafts: readonly (Draft & { course: string })[] }

const failedOf = async (tables: Tables, owner: string): Promise<StoredVideo[]> => {
  const { items } = await videoRecords.listIndex(tables, `videos-of#${owner}`, { limit: MOST_LOOKED_AT, descending: true })
  return items.filter(({ state }) => state === 'failed')
}

const draftsOf = async (tables: Tables, teacher: string): Promise<Known['drafts']> => {
  const own = new Map((await allSeries(tables)).filter((series) => series.teacher === teacher).map((series) => [series.id, series.brief.course]))
  if (own.size === 0) return []
  const open = await openRuns(tables)
  return open.flatMap(({ id: run, series, state }) => {
    const course = own.get(series)
    return state === 'proposed' && course !== undefined ? [{ series, run, course }] : []
  })
}

const knownOf = async (tables: Tables, teacher: string): Promise<Known> => {
  const [failed, drafts] = await Promise.all([failedOf(tables, teacher), draftsOf(tables, teacher)])
  return { failed, drafts }
}

/** Four short listings, however many learners there are. */
const waitingIn = async (tables: Tables, { id, title, sections }: StoredCourse, { failed, drafts }: Known): Promise<CourseTodo> => {
  const limit = MOST_COUNTED
  const [work, questions, reports, reviews] = await Promise.all([
    handingRecords.listIndex(tables, queueOf(id, 'waiting'), { limit }),
    waitingRecords.list(tables, `talk#${id}`, { prefix: 'waiting#', limit }),
    reportRecords.list(tables, `talk#${id}`, { prefix: 'report#', limit }),
    reviewRecords.listIndex(tables, shownOf(id), { limit: MOST_LOOKED_AT, descending: true }),
  ])
  // The index may be late: what has been graded meanwhile is still in the queue for a moment.
  const ungraded = work.items.filter(({ grade }) => grade === undefined)
  const lessons = new Set(sections.flatMap((section) => section.lessons))
  const videos = failed.filter((video) => lessons.has(video.lesson))
  const own = drafts.filter(({ course }) => course === id)
  return {
    course: { id, title },
    ...{ work: ungraded.length, questions: questions.items.length, reports: reports.items.length },
    reviews: reviews.items.filter(isReported).length,
    ...{ videos: videos.length, drafts: own.length },
    first: {
      ...(videos[0] && { video: videos[0].lesson }),
      ...(ungraded[0] && { work: ungraded[0].id }),
      ...(own[0] && { draft: { series: own[0].series, run: own[0].run } }),
    },
  }
}

const isWaiting = ({ work, questions, reports, reviews, videos, drafts }: CourseTodo): boolean => work + questions + reports + reviews + videos + drafts > 0

/** What waits for somebody in a course: of what they are let do there. */
const forActor = async (tables: Tables, actor: Actor, course: StoredCourse, known: Known): Promise<CourseTodo> => {
  const waiting = await waitingIn(tables, course, known)
  const part = await partIn(tables, actor, { id: course.id, teacherId: course.teacher.id })
  const may = (act: CourseAct): boolean => part !== undefined && allows(part, act)
  const { work, draft, video } = waiting.first
  const [mayGrade, mayTalk, mayEdit, mayOwn] = [may('grade'), may('talk'), may('edit'), may('own')]
  return {
    ...{ course: waiting.course, work: mayGrade ? waiting.work : 0, videos: mayEdit ? waiting.videos : 0, drafts: mayOwn ? waiting.drafts : 0 },
    ...(mayTalk ? { questions: waiting.questions, reports: waiting.reports, reviews: waiting.reviews } : { questions: 0, reports: 0, reviews: 0 }),
    first: { ...(mayEdit && video && { video }), ...(mayGrade && work && { work }), ...(mayOwn && draft && { draft }) },
  }
}

const list = async (tables: Tables, actor: Actor): Promise<CourseTodo[]> => {
  const courses = (await taughtBy(tables, actor.id)).filter(({ archivedAt }) => archivedAt === undefined)
  const known = once((teacher) => knownOf(tables, teacher))
  const found = await Promise.all(courses.map(async (course) => forActor(tables, actor, course, await known(course.teacher.id))))
  return found.filter(isWaiting)
}

export const todo: Feature<typeof contract> = {
  handlers: {
    list: async ({ tables }, actor) => ({ courses: await list(tables, actor) }),
    ofCourse: async ({ tables }, actor, { course: id }) => {
      const { value: course } = await ownCourse(tables, actor, id, { to: 'see' })
      return forActor(tables, actor, course, await knownOf(tables, course.teacher.id))
    },
  },
  hearings: [],
  timers: [],
}
