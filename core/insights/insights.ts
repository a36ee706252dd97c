import type { insights as contract, QuizItem } from '#contract/insights.ts'
import type { Question } from '#contract/questions.ts'
import { ownCourse, ownLesson } from '#core/courses/outline.ts'
import { publicationRecords, publishedLessonRecords } from '#core/courses/records.ts'
import { hearing } from '#core/events.ts'
import type { Feature, Handlers } from '#core/handlers.ts'
import { videoRecords } from '#core/media/records.ts'
import { revenue } from '#core/money/revenue.ts'
import { askable } from '#core/quizzes/paper.ts'
import { figuresOf } from '#core/quizzes/tallies.ts'
import { waitingRecords } from '#core/talk/records.ts'
import { durationOf } from '#core/watching/open.ts'
import { forgetCourse } from './clearing.ts'
import { gather, gatherings } from './gathering.ts'
import { coolDown, heatOf, heatTotals } from './heating.ts'
import { funnelTotals, keep, keepEach } from './keeping.ts'
import { exportLearners, listLearners, showLearner } from './learners.ts'

const MOST_WAITING = 100
const MONTHS = 12

type Insights = Handlers<typeof contract>

const overview: Insights['overview'] = async (world, actor, { course }) => {
  const { tables } = world
  await ownCourse(tables, actor, course, { to: 'learners' })
  const isGathering = await gather(world, course)
  const [totals, publication, waiting] = await Promise.all([
    funnelTotals(tables, course),
    publicationRecords.get(tables, { id: course }),
    waitingRecords.list(tables, `talk#${course}`, { prefix: 'waiting#', limit: MOST_WAITING }),
  ])
  const lessons = (publication?.value.sections ?? []).flatMap((section) => section.lessons)
  return {
    ...{ learners: totals.learners, finished: totals.finished, waitingQuestions: waiting.items.length, isGathering },
    lessons: lessons.map(({ id, title, kind }) => {
      const { begun = 0, done = 0 } = totals.lessons[id] ?? {}
      return { id, title, kind, begun, completed: done }
    }),
  }
}

const heat: Insights['heat'] = async ({ tables }, actor, { lesson: id }) => {
  const { lesson } = await ownLesson(tables, actor, id, { to: 'learners' })
  // What learners watch; the draft may have another by now.
  const video = ((await publishedLessonRecords.get(tables, { id })) ?? lesson).value.video
  const stored = video === undefined ? undefined : await videoRecords.get(tables, { id: video })
  return { lesson: { id, title: lesson.value.title }, durationSeconds: stored ? durationOf(stored.value) : 0, ...(await heatTotals(tables, video ?? 'none')) }
}

/** Of true and false, true is the first to be chosen. */
const optionsOf = (question: Question | undefined, chosen: Record<string, number>): QuizItem['options'] => {
  if (question?.kind === 'true-false')
    return [true, false].map((isTrue) => ({ text: String(isTrue), isRight: question.isTrue === isTrue, chosen: chosen[isTrue ? '0' : '1'] ?? 0 }))
  if (question?.kind !== 'single' && question?.kind !== 'multiple') return []
  return question.options.map(({ text, isRight }, place) => ({ text, isRight, chosen: chosen[String(place)] ?? 0 }))
}

const quiz: Insights['quiz'] = async ({ tables }, actor, { lesson: id }) => {
  const { lesson } = await ownLesson(tables, actor, id, { to: 'learners' })
  const [{ questions, ...figures }, asked] = await Promise.all([figuresOf(tables, id), askable(tables, lesson.value)])
  const known = new Map(asked.map((question) => [question.id, question]))
  const place = new Map([...known.keys()].map((question, index) => [question, index]))
  const items = questions.map(({ question, discrimination, chosen, ...item }) => {
    const prompt = known.get(question)?.prompt
    return {
      ...{ id: question, ...item, options: optionsOf(known.get(question), chosen) },
      ...(prompt !== undefined && { prompt }),
      ...(discrimination !== undefined && { discrimination }),
    }
  })
  const at = (question: string): number => place.get(question) ?? known.size
  return { lesson: { id, title: lesson.value.title }, ...figures, items: items.toSorted((one, other) => at(one.id) - at(other.id)) }
}

const ownRevenue: Insights['revenue'] = async (world, actor, { course }) => {
  await ownCourse(world.tables, actor, course, { to: 'earn' })
  const { months, rows } = await revenue(world, MONTHS)
  const own = rows.filter(({ of }) => of === course)
  return {
    months,
    rows: own.map(({ month, currency, grossMinor, backMinor, bankMinor }) => ({ month, currency, grossMinor, backMinor: backMinor + bankMinor })),
  }
}

export const insights: Feature<typeof contract> = {
  handlers: { overview, learners: listLearners, learner: showLearner, exportLearners, heat, quiz, revenue: ownRevenue },
  hearings: [
    hearing('insights.enrolled', 'enrolment.started', keep),
    hearing('insights.ended', 'enrolment.ended', keep),
    hearing('insights.returned', 'enrolment.returned', keep),
    hearing('insights.completed', 'lesson.completed', keep),
    // What is handed in is begun, whether it passes or not.
    hearing('insights.worked', 'assignment.handed-in', keep),
    hearing('insights.answered', 'quiz.handed-in', keep),
    hearing('insights.moved', 'progress.moved', async (world, moved) => {
      await keep(world, moved)
      await heatOf(world, moved)
    }),
    hearing('insights.member', 'membership.started', (world, { learner }) => keepEach(world, learner)),
    hearing('insights.member-ended', 'membership.ended', (world, { learner }) => keepEach(world, learner)),
    hearing('insights.video-removed', 'video.removed', (world, { video }) => coolDown(world, video)),
    hearing('insights.course-removed', 'course.removed', (world, { course }) => forgetCourse(world, course)),
    ...gatherings,
  ],
  timers: [],
}
