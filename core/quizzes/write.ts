import { problemOf, type Question, type QuestionProblem, type SentQuestion } from '#contract/questions.ts'
import type { QuizRules } from '#contract/quizzes.ts'
import { refuseKeptLesson } from '#core/courses/kept.ts'
import { MOST_LESSON_BYTES } from '#core/courses/limits.ts'
import { ownLesson, saveCourse } from '#core/courses/outline.ts'
import { lessonRecords, type StoredLesson } from '#core/courses/records.ts'
import type { Actor } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { sharesIds } from './naming.ts'
import { bytesOf, MOST_ASKED } from './paper.ts'
import { bankRecords } from './records.ts'

const PROBLEMS: Record<QuestionProblem, string> = {
  'no-right': 'has no right answer',
  'several-right': 'asks for one answer and has several right ones',
  'same-option': 'says the same twice',
  'no-gap': 'has no gap',
  'empty-gap': 'has a gap that nothing fits into',
  'many-gaps': 'has too many gaps',
}

/** Questions that can be asked, each with an id. */
export const sound = ({ ids }: Pick<World, 'ids'>, questions: readonly SentQuestion[]): Question[] => {
  if (sharesIds(questions)) throw new Refusal('bad-input', 'Two questions have the same id.')
  return questions.map((question, place) => {
    const problem = problemOf(question)
    if (problem) throw new Refusal('bad-input', `Question ${place + 1} ${PROBLEMS[problem]}.`)
    return { ...question, id: question.id ?? ids.make('qst') }
  })
}

const checkDraws = async ({ tables }: World, { course }: StoredLesson, { draws }: QuizRules, own: number): Promise<void> => {
  if (draws.reduce((sum, { count }) => sum + count, own) > MOST_ASKED) throw new Refusal('too-many', `A quiz asks at most ${MOST_ASKED} questions.`)
  for (const { bank } of draws) {
    if ((await bankRecords.get(tables, { id: bank }))?.value.course !== course) throw new Refusal('not-found', 'There is no such question bank in this course.')
  }
}

const checkLesson = async (world: World, lesson: StoredLesson): Promise<void> => {
  const { kind, quiz, questions } = lesson
  if (quiz && kind !== 'quiz') throw new Refusal('bad-input', 'Only a quiz has rules.')
  if (kind !== 'video' && questions.some(({ pause }) => pause)) throw new Refusal('bad-input', 'Only a video can stop for a question.')
  if (quiz) await checkDraws(world, lesson, quiz, questions.length)
  if (bytesOf(lesson) > MOST_LESSON_BYTES) throw new Refusal('too-large', 'This lesson is too large: its text and its questions have to be shorter.')
}

export type Writing = { lesson: string; questions?: readonly SentQuestion[] | undefined; rules?: QuizRules | undefined }

/** Sets a lesson's questions, or what a quiz wants of its learners. */
export const write = async (world: World, actor: Actor, { lesson: id, questions, rules }: Writing) => {
  const { lesson, course } = await ownLesson(world.tables, actor, id, { to: 'edit' })
  refuseKeptLesson(lesson.value)
  const after: StoredLesson = { ...lesson.value, ...(questions && { questions: sound(world, questions) }), ...(rules && { quiz: rules }) }
  await checkLesson(world, after)
  await saveCourse(world, course, { course: {}, changes: [lessonRecords.replace(lesson, after)] })
  return { questions: after.questions, ...(after.quiz && { rules: after.quiz }) }
}
