import type { Course } from '#contract/courses.ts'
import type { Answer, AskedQuestion, SentQuestion } from '#contract/questions.ts'
import { assignments } from '#core/assignments/assignments.ts'
import { learning } from '#core/learning/learning.ts'
import { payments } from '#core/payments/payments.ts'
import { settle } from '#core/payments/settle.ts'
import { quizzes } from '#core/quizzes/quizzes.ts'
import { refunds } from '#core/refunds/refunds.ts'
import { watching } from '#core/watching/watching.ts'
import type { Person } from '#ports/identity.ts'
import type { Past } from './past.ts'

/** What somebody does is done by the handlers that a browser would reach. */
export type Act = { past: Past; learner: Person }

/** The stand-in for the payment provider; without it nobody buys anything in a demo. */
export type Till = { press(what: string, said: Record<string, unknown>): Promise<void> }

export const tillAt = (url: string): Till => ({
  async press(what, said) {
    const answer = await fetch(`${url}/api/${what}`, { method: 'POST', body: JSON.stringify(said) })
    if (!answer.ok) throw new Error(`The stand-in answered ${answer.status} to ${what}: ${await answer.text()}`)
  },
})

/** Buys it as a browser would: order, checkout page, payment. What was paid is read back at once, at the moment it is said to have been paid. */
export const buy = async ({ past: { world }, learner }: Act, till: Till, course: string): Promise<void> => {
  const wanted = { item: { kind: 'course' as const, course }, recipient: { kind: 'me' as const } }
  const { dueNow } = await payments.handlers.quote(world, learner, wanted)
  const { id, state, checkoutUrl } = await payments.handlers.checkout(world, learner, { ...wanted, shown: dueNow })
  const session = checkoutUrl?.split('/').at(-1)
  if (state !== 'open' || session === undefined) return
  await till.press(`sessions/${session}/pay`, { name: learner.name })
  await settle(world, id, await world.payments.readCheckout(session))
}

/** The owner gives back what they paid for the course, whole. */
export const giveBack = async ({ past: { world }, learner }: Act, owner: Person, course: string): Promise<void> => {
  const { orders } = await payments.handlers.mine(world, learner, {})
  const order = orders.find(({ item, state }) => item.kind === 'course' && item.course === course && state === 'paid')
  if (order)
    await refunds.handlers.make(world, owner, {
      order: order.id,
      amountMinor: order.price.amountMinor,
      key: `demo-${order.id}`,
      note: 'Bought for the wrong team.',
    })
}

const rightOf = (question: SentQuestion, asked: AskedQuestion): number[] => {
  if (question.kind === 'true-false') return [question.isTrue ? 0 : 1]
  if ((question.kind !== 'single' && question.kind !== 'multiple') || (asked.kind !== 'single' && asked.kind !== 'multiple')) return []
  return asked.options.flatMap((text, place) => (question.options.some((option) => option.text === text && option.isRight) ? [place] : []))
}

const wrongOf = (asked: AskedQuestion, right: readonly number[], chance: () => number): number[] => {
  const places = asked.kind === 'single' || asked.kind === 'multiple' ? [...asked.options.keys()] : [0, 1]
  const others = places.filter((place) => !right.includes(place))
  return others.slice(Math.floor(chance() * others.length)).slice(0, 1)
}

export type Sitting = { lesson: string; questions: readonly SentQuestion[]; skill: number; chance: () => number }

/** Begins a quiz and hands it in four minutes later; answers whether it was passed. */
export const sit = async ({ past, learner }: Act, { lesson, questions, skill, chance }: Sitting): Promise<boolean> => {
  const attempt = await quizzes.handlers.start(past.world, learner, { lesson })
  past.pass(240)
  const answers = attempt.questions.map((asked): { question: string; answer: Answer } => {
    const question = questions.find(({ prompt }) => prompt === asked.prompt)
    const right = question ? rightOf(question, asked) : []
    return { question: asked.id, answer: { chosen: chance() < skill ? right : wrongOf(asked, right, chance) } }
  })
  const { score } = await quizzes.handlers.answer(past.world, learner, { lesson, number: attempt.number, answers, isFinal: true })
  return score?.isPassed === true
}

export const read = ({ past: { world }, learner }: Act, lesson: string) => learning.handlers.complete(world, learner, { lesson, isCompleted: true })

/** Watches from one share of a video to another, and leaves. */
export const watch = async ({ past, learner }: Act, lesson: string, [from, to]: readonly [number, number]): Promise<void> => {
  const { video } = await learning.handlers.lesson(past.world, learner, { lesson })
  if (!video) return
  const [fromSeconds, toSeconds] = [from * video.durationSeconds, to * video.durationSeconds]
  const { answer } = await watching.handlers.open(past.world, learner, { lesson, device: 'Firefox on Linux' })
  past.pass(Math.ceil(toSeconds - fromSeconds) + 2)
  await watching.handlers.beat(past.world, learner, {
    stream: answer.stream,
    positionSeconds: toSeconds,
    watched: [{ fromSeconds, toSeconds }],
    isLeaving: true,
  })
}

export type Grading = { course: string; levels: number[]; feedback: string; isPassed: boolean }

/** The teacher's judgement of what somebody has handed in. */
export const grade = async ({ past: { world }, learner }: Act, teacher: Person, { course, ...grading }: Grading): Promise<void> => {
  const { handings } = await assignments.handlers.queue(world, teacher, { course, state: 'waiting', limit: 100 })
  const handing = handings.find((each) => each.learner.id === learner.id)
  if (handing) await assignments.handlers.grade(world, teacher, { handing: handing.id, ...grading })
}

export const lessonNamed = (course: Course, title: string): string | undefined =>
  course.sections.flatMap(({ lessons }) => lessons).find((lesson) => lesson.title === title)?.id
