import type { Actor } from '#core/handlers.ts'
import { features, hearings } from '#core/platform.ts'
import { Refusal } from '#core/refusal.ts'
import { PaymentsUnavailable } from '#ports/payments.ts'
import { afterwards, subscribers } from './afterwards.ts'
import { openBank } from './bank.ts'
import { endingOf } from './ending.ts'
import { someGoods } from './goods.ts'
import { type Broken, brokenIn } from './invariants.ts'
import type { Delivery } from './memory-events.ts'
import { deliveries, type Roads, timetable, webhooks } from './post.ts'
import { pricing } from './pricing.ts'
import { type Random, seeded } from './random.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, type Scene } from './scene.ts'
import { type Scheduler, scheduler } from './scheduler.ts'
import { buyer } from './story.ts'
import { type Line, type Outages, wired } from './wire.ts'
import { aDisk, aSchool, type Disk, type Parts } from './world.ts'

export type History = { seed: number; broken: Broken[]; steps: number; lines(): readonly string[] }

const MONEY = [features.payments, features.memberships, features.refunds, features.receipts, features.seats, features.money, features.offers]

/** The school as it is. */
export const WHOLE: Parts = { hearings, timers: MONEY.flatMap(({ timers }) => timers), tables: (tables) => tables }

/** How hard a history is on the school; some are calm, so that not all are drowned in faults. */
type Weather = { kill: number; stall: number; roads: Roads; line: Line; outages: Outages }

const NO_ROADS: Roads = { lost: 0, twice: 0, late: 0, heardTwice: 0, heardLate: 0 }
const NO_LINE: Line = { refused: 0, lostAnswer: 0, slow: 0 }

const weatherOf = (random: Random, begin: number): Weather => {
  const some = (most: number): number => (random.chance(0.35) ? 0 : most * random.fraction())
  const lost = random.chance(0.12) ? 1 : some(0.4)
  const outages = Array.from({ length: random.below(3) }, () => {
    const from = begin + random.below(8 * HOUR_MS)
    return { from, to: from + random.between(1, 300) * MINUTE_MS }
  })
  return {
    ...{ kill: some(0.045), stall: some(0.5), outages },
    roads: { lost, twice: some(0.5), late: some(0.5), heardTwice: some(0.4), heardLate: some(0.2) },
    line: { refused: some(0.12), lostAnswer: some(0.12), slow: some(0.4) },
  }
}

const GUESTS = [1, 2, 3].map(
  (place): Actor => ({
    ...{ id: `prs_guest${place}`, email: `guest${place}@lectern.test`, name: `Guest ${place}` },
    ...{ roles: ['learner'], isVerified: true, isDisabled: false },
  }),
)

const someLearners = (random: Random): Actor[] =>
  Array.from({ length: random.pick([1, 1, 1, 1, 2, 3]) }, (_, place) => ({
    ...{ id: `prs_${place + 1}`, email: `learner${place + 1}@lectern.test`, name: `Learner ${place + 1}` },
    ...{ roles: ['learner' as const], isVerified: true, isDisabled: false },
  }))

/** Lets everything come to rest: the line is good, nobody is killed, timers turn until they find nothing to do. */
const comeToRest = async (time: Scheduler, weather: Weather, timers: ReturnType<typeof timetable>): Promise<void> => {
  time.calm()
  timers.stop()
  Object.assign(weather.roads, { ...NO_ROADS, lost: weather.roads.lost })
  Object.assign(weather.line, NO_LINE)
  time.say('── all is well from here on ──')
  for (const wait of [0, 10 * MINUTE_MS, 26 * HOUR_MS, HOUR_MS]) {
    await time.run(time.now() + wait)
    const turned = timers.turn()
    await time.run(time.now())
    await turned
  }
  await time.run(Number.POSITIVE_INFINITY)
}

/** What no listener, timer or page may ever meet: anything that is neither a refusal, nor the provider's absence, nor others' haste. */
const isExpected = (error: unknown): boolean => {
  if (error instanceof AggregateError) return error.errors.every(isExpected)
  return error instanceof PaymentsUnavailable || error instanceof Refusal || (error instanceof Error && /written by others/.test(error.message))
}

const faultsOf = ({ logged }: Disk): Broken[] =>
  logged
    .filter(({ error }) => !isExpected(error))
    .map(({ message, error }) => ({
      invariant: 'nothing fails that nobody foresaw',
      says: `${message}: ${error instanceof Error ? error.stack : String(error)}`,
    }))

/** One history of the school, whole, from one seed: the same seed and code make the same history, step for step. */
export const history = async (seed: number, parts: Parts = WHOLE): Promise<History> => {
  const random = seeded(seed)
  const begin = Date.parse('2026-01-01T00:00:00Z') + random.below(1000 * DAY_MS)
  const weather = weatherOf(random, begin)
  const time = scheduler({ random: random.split(), begin, machines: ['one', 'two'], unrest: weather })
  const skew = random.between(-10, 10) * MINUTE_MS
  let owes = (_: Delivery): void => {}
  const disk = aDisk(time, random, (delivery) => owes(delivery))
  disk.outbox.listen(parts.hearings.map(({ name, hears }) => ({ name, hears: [hears] })))
  let ids = 0
  const makeId = (kind: string): string => {
    ids += 1
    return `${kind}_${String(ids).padStart(8, '0')}`
  }
  const bank = openBank({ now: () => time.now() + skew, at: (moment, what, happen) => time.at(moment - skew, what, happen), tell: (news) => hooks.tell(news) })
  const lines = random.split()
  const payments = (runner: Parameters<typeof wired>[1]) =>
    wired({ scheduler: time, random: lines, bank, line: weather.line, outages: weather.outages }, runner)
  const school = aSchool({ scheduler: time, disk, parts, payments, makeId }, random.split())
  const post = { scheduler: time, random: random.split(), school, disk, parts, roads: weather.roads }
  const hooks = webhooks(post)
  owes = deliveries(post).owes
  const timers = timetable(post)
  const { goods, changes } = someGoods(random)
  const scene: Scene = {
    scheduler: time,
    random: random.split(),
    school,
    disk,
    bank,
    ...{ learners: someLearners(random), guests: GUESTS, goods, sat: new Map(), shown: new Map() },
  }
  for (const learner of [...scene.learners, ...GUESTS]) disk.people.set(learner.id, learner)
  disk.tables.commit(changes)

  timers.start()
  const stories = Promise.all([...scene.learners.map((learner) => buyer(scene, learner)), afterwards(scene), subscribers(scene), pricing(scene)])
  await time.run(Number.POSITIVE_INFINITY)
  await comeToRest(time, weather, timers)
  await stories
  const broken = [...faultsOf(disk), ...(await brokenIn(await endingOf(scene, hooks.acknowledged)))]
  return { seed, broken, steps: time.steps(), lines: time.lines }
}
