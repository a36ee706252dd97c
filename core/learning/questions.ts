import type { GivenAnswer, MarkedAnswer } from '#contract/questions.ts'
import { openLesson } from '#core/grants/access.ts'
import type { Actor } from '#core/handlers.ts'
import { PLAINLY } from '#core/quizzes/asking.ts'
import { markOf, told } from '#core/quizzes/marking.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'

/** Nothing is written down: whoever learns may try as often as they like. */
export const check = async (
  world: World,
  actor: Actor | undefined,
  { lesson: id, answers }: { lesson: string; answers: readonly GivenAnswer[] },
): Promise<{ answers: MarkedAnswer[] }> => {
  const { kind, questions } = await openLesson(world, actor, id)
  // Here one could try until it is right.
  if (kind === 'quiz') throw new Refusal('not-allowed', 'A quiz is answered in an attempt.')
  return {
    answers: answers.map(({ question: named, answer }) => {
      const question = questions.find((each) => each.id === named)
      // The lesson may have been changed while its page was open.
      if (!question) throw new Refusal('bad-input', 'There is no such question. Load the lesson again.')
      return told(question, markOf(question, answer, PLAINLY))
    }),
  }
}
