import type { LessonCompletion, LessonView } from '#contract/learning.ts'
import { publicationRecords, type StoredLesson, USUAL_COMPLETION } from '#core/courses/records.ts'
import { shownFile } from '#core/files/shown.ts'
import { openLesson } from '#core/grants/access.ts'
import type { Actor } from '#core/handlers.ts'
import { asked, PLAINLY } from '#core/quizzes/asking.ts'
import { shownVideo, watchableVideo } from '#core/watching/open.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { curriculumOf } from './curriculum.ts'
import { progressRecords } from './progress.ts'

const BY_WORD: LessonCompletion = { by: 'learner' }

/** What completes a lesson. */
export const ruleOf = async (tables: Tables, { kind, course }: StoredLesson): Promise<LessonCompletion> => {
  if (kind === 'quiz' || kind === 'assignment') return { by: 'passing' }
  if (kind !== 'video') return BY_WORD
  return (await publicationRecords.get(tables, { id: course }))?.value.completion ?? USUAL_COMPLETION
}

/** A lesson as somebody, or nobody, sees it. */
export const lessonView = async (world: World, actor: Actor | undefined, { lesson: id }: { lesson: string }): Promise<LessonView> => {
  const { tables } = world
  const lesson = await openLesson(world, actor, id)
  const { title, kind, text, about, course, files } = lesson
  const video = await watchableVideo(tables, lesson.video)
  const progress = actor && (await progressRecords.get(tables, { learner: actor.id, course, lesson: id }))
  return {
    ...{ id, title, kind, text, about },
    // Those of a quiz are drawn, and counted, with an attempt.
    questions: kind === 'quiz' ? [] : lesson.questions.map((question) => asked(question, PLAINLY)),
    files: files.map(shownFile),
    curriculum: await curriculumOf(world, actor, course),
    positionSeconds: progress?.value.positionSeconds ?? 0,
    isCompleted: progress?.value.isCompleted ?? false,
    completion: await ruleOf(tables, lesson),
    watched: progress?.value.watched ?? [],
    ...(video && { video: shownVideo(video) }),
  }
}
