import type { Order, Quote } from '#contract/payments.ts'
import type { Attempt } from '#contract/quizzes.ts'
import type { Random } from '#test/simulation/random.ts'
import type { Browser } from './asking.ts'
import type { Pausing } from './pausing.ts'
import { FILM_SECONDS, type Shelf } from './scene.ts'
import type { Tally } from './tally.ts'
import { watch } from './watching.ts'

export type Learner = { browser: Browser; random: Random; pausing: Pausing; name: string; shelf: Shelf; bought: Set<string>; tally: Tally }

/** Most people are quick, some are slow: so many seconds in the middle, and never more than six times as many. */
const think = ({ random, pausing }: Learner, mean: number): Promise<void> => pausing.seconds(Math.min(6 * mean, -Math.log(1 - random.fraction()) * mean))

const lessonPage = ({ browser }: Learner, lesson: string): Promise<unknown> => browser.ask({ kind: 'lesson', path: `/api/lessons/${lesson}` })

const watches = async (learner: Learner): Promise<void> => {
  const { browser, random, shelf } = learner
  await lessonPage(learner, shelf.film)
  await watch(learner, shelf.film, FILM_SECONDS)
  if (random.chance(0.4))
    await browser.ask({
      kind: 'note',
      method: 'POST',
      path: `/api/lessons/${shelf.film}/notes`,
      body: { body: 'Glass **bends** it.', atSeconds: random.below(FILM_SECONDS) },
    })
}

const reads = async (learner: Learner): Promise<void> => {
  const { browser, random, shelf, bought } = learner
  const lesson = random.pick([...shelf.articles, ...shelf.shop.filter(({ course }) => bought.has(course)).map(({ article }) => article)])
  await lessonPage(learner, lesson)
  await browser.ask({ kind: 'notes', path: `/api/learning/notes?lesson=${lesson}&course=${shelf.course}` })
  await think(learner, 40)
  await browser.ask({ kind: 'completion', method: 'PUT', path: `/api/lessons/${lesson}/completion`, body: { isCompleted: true } })
}

const isQuizzed = async (learner: Learner): Promise<void> => {
  const { browser, random, shelf } = learner
  const path = `/api/lessons/${shelf.quiz}/quiz`
  await lessonPage(learner, shelf.quiz)
  await browser.ask({ kind: 'quiz', path })
  const attempt = await browser.json<Attempt>({ kind: 'quiz begun', method: 'POST', path: `${path}/attempts`, body: {} })
  const answers = []
  for (const { id } of attempt.questions) {
    await think(learner, 8)
    answers.push({ question: id, answer: { chosen: [random.below(3)] } })
    await browser.ask({ kind: 'quiz answers', method: 'PUT', path: `${path}/attempts/${attempt.number}`, body: { answers } })
  }
  await browser.ask({ kind: 'quiz handed in', method: 'PUT', path: `${path}/attempts/${attempt.number}`, body: { answers, isFinal: true } })
}

const WORDS = ['glass', 'light', 'bends', 'shade', 'colour 7', 'prism', 'lens', 'time', '"as seen"', 'nothing at all']

const searches = async (learner: Learner): Promise<void> => {
  const word = learner.random.pick(WORDS)
  // Whoever types is asked for at each pause.
  for (const typed of [word.slice(0, 3), word]) {
    await learner.browser.ask({ kind: 'search', path: `/api/search?words=${encodeURIComponent(typed)}` })
    await think(learner, 3)
  }
}

const looksAround = async (learner: Learner): Promise<void> => {
  const { browser, random, shelf } = learner
  await browser.bytes({ kind: 'home page', path: '/' })
  await think(learner, 8)
  await browser.bytes({ kind: 'catalogue', path: '/catalogue/index.json' })
  await browser.bytes({ kind: 'course page', path: `/courses/${random.pick(shelf.shop).slug}` })
}

const returns = (learner: Learner): Promise<unknown> => learner.browser.ask({ kind: 'my courses', path: '/api/learning' })

const MOST_SECONDS_UNPAID = 20

/** Buys what is not bought yet, as the pages do, and pays with the provider's stand-in, which tells the school. */
const buys = async (learner: Learner): Promise<void> => {
  const { browser, random, pausing, shelf, bought } = learner
  const left = shelf.shop.filter(({ course }) => !bought.has(course))
  if (left.length === 0) return
  const { course } = random.pick(left)
  const item = { kind: 'course', course }
  const { dueNow } = await browser.json<Quote>({ kind: 'quote', method: 'POST', path: '/api/quotes', body: { item } })
  await think(learner, 10)
  const order = await browser.json<Order>({ kind: 'checkout', method: 'POST', path: '/api/orders', body: { item, shown: dueNow } })
  await think(learner, 15)
  const session = order.checkoutUrl?.split('/').at(-1)
  await browser.ask({ kind: 'stand-in’s till', method: 'POST', path: `/sandbox/stripe/api/sessions/${session}/pay`, body: {} })
  const paid = performance.now()
  for (let state = order.state; state !== 'paid'; ) {
    if (performance.now() - paid > MOST_SECONDS_UNPAID * 1000) throw new Error(`still ${state} ${MOST_SECONDS_UNPAID} s after it was paid`)
    await pausing.seconds(1)
    state = (await browser.json<Order>({ kind: 'order', path: `/api/orders/${order.id}` })).state
    if (pausing.isOver()) return
  }
  bought.add(course)
}

type Act = { name: string; often: number; does(learner: Learner): Promise<unknown> }
/** How often of a hundred acts. A film is watched for minutes, so that most of those who are there watch. */
const ACTS: readonly Act[] = [
  { name: 'watching', often: 50, does: watches },
  { name: 'reading', often: 15, does: reads },
  { name: 'a quiz', often: 8, does: isQuizzed },
  { name: 'searching', often: 9, does: searches },
  { name: 'looking around', often: 9, does: looksAround },
  { name: 'coming back', often: 6, does: returns },
  { name: 'buying', often: 3, does: buys },
]

const actOf = (random: Random): Act => {
  let draw = random.below(ACTS.reduce((sum, { often }) => sum + often, 0))
  const found = ACTS.find(({ often }) => {
    draw -= often
    return draw < 0
  })
  return found ?? random.pick(ACTS)
}

/** One person at the school from now on, at a pace of their own. */
export const learns = async (learner: Learner, delaySeconds: number): Promise<void> => {
  const { random, pausing, tally, browser } = learner
  await pausing.seconds(delaySeconds)
  while (!pausing.isOver()) {
    const act = actOf(random)
    await act.does(learner).catch((error: unknown) => tally.failed(act.name, error instanceof Error ? error.message : String(error)))
    await think(learner, 10)
  }
  browser.close()
}
