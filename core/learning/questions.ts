import type { AskedQuestion, MarkedAnswer, Question } from '#contract/questions.ts'
import { openLesson } from '#core/grants/access.ts'
import type { Actor } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'

/** A question as it is asked: what is right about it stays here. */
export const asked = ({ prompt, kind, options }: Question): AskedQuestion => ({ prompt, kind, options: options.map(({ text }) => text) })

type Answer = { question: number; options: readonly number[] }

/** Right is who has chosen all that is right, and nothing else. */
const marked = ({ options, explanation }: Question, chosen: readonly number[]): MarkedAnswer => {
  const choice = new Set(chosen)
  if (chosen.some((index) => index >= options.length)) throw new Refusal('bad-input', 'There is no such option.')
  return { isRight: options.every(({ isRight }, index) => isRight === choice.has(index)), explanation }
}

/** Nothing is written down: whoever learns may try as often as they like. */
export const check = async (
  world: World,
  actor: Actor | undefined,
  { lesson: id, answers }: { lesson: string; answers: readonly Answer[] },
): Promise<{ answers: MarkedAnswer[] }> => {
  const { questions } = await openLesson(world, actor, id)
  return {
    answers: answers.map(({ question: index, options }) => {
      const question = questions[index]
      // The lesson may have been changed while its page was open.
      if (!question) throw new Refusal('bad-input', 'There is no such question. Load the lesson again.')
      return marked(question, options)
    }),
  }
}
