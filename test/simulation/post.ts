import type { Timer } from '#core/handlers.ts'
import { storeNews } from '#core/payments/inbox.ts'
import type { PaymentNews } from '#ports/payments.ts'
import type { Delivery } from './memory-events.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import type { Disk, Parts, School } from './world.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** How badly news travel: `lost` of a webhook altogether, `twice` for one more of it, `late` for hours and days. */
export type Roads = { lost: number; twice: number; late: number; heardTwice: number; heardLate: number }

type Given = { scheduler: Scheduler; random: Random; school: School; disk: Disk; parts: Parts; roads: Roads }

/** Delivers what listeners are owed: at least once, in any order, late, and now and then on two machines at once. */
export const deliveries = ({ scheduler, random, school, disk, parts, roads }: Given) => {
  const byName = new Map(parts.hearings.map((hearing) => [hearing.name, hearing]))
  const again = (delivery: Delivery, milliseconds: number): void => {
    const { event, listener } = delivery
    scheduler.at(scheduler.now() + milliseconds, `due: ${listener} of ${event}`, () => void deliver(delivery))
  }
  const deliver = async (before: Delivery): Promise<void> => {
    const delivery = disk.outbox.owed(before.key)
    if (!delivery || delivery.isDead) return
    if (delivery.attempts > before.attempts) return
    const hearing = byName.get(delivery.listener)
    const running = school.run(`${delivery.listener} hears of ${delivery.event}`, async (world, runner) => {
      try {
        await hearing?.hear(world, disk.outbox.event(delivery))
      } catch (error) {
        await scheduler.step(runner, `puts off ${delivery.listener} of ${delivery.event}`, () => disk.outbox.fail(delivery, error))
        throw error
      }
      await scheduler.step(runner, `${delivery.listener} has heard of ${delivery.event}`, () => disk.outbox.finish(delivery))
    })
    const outcome = await running
    // Nobody was there, or it died of it: somebody else takes it up when that is noticed.
    if (outcome === undefined || outcome.is === 'lost') again(delivery, random.between(5, 90) * SECOND_MS)
    if (outcome?.is === 'failed') disk.logged.push({ message: delivery.listener, error: outcome.error })
  }
  return {
    owes: (delivery: Delivery): void => {
      const waits = Math.max(0, delivery.due - scheduler.now())
      const late = random.chance(roads.heardLate) ? random.between(1, 60) * MINUTE_MS : random.below(2 * SECOND_MS)
      again(delivery, waits + late)
      if (random.chance(roads.heardTwice)) again(delivery, waits + random.below(3 * SECOND_MS))
    },
  }
}

const RETRY_AFTER_MS = [MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 48 * HOUR_MS]

/** The provider's webhooks: repeated until they are acknowledged, for three days; lost, doubled, out of order, days late. */
export const webhooks = ({ scheduler, random, school, roads }: Omit<Given, 'parts' | 'disk'>) => {
  const acknowledged = new Set<string>()
  const send = async (news: PaymentNews, tries: number): Promise<void> => {
    const outcome = await school.run(`webhook ${news.id} ${news.type}`, (world) => storeNews(world, news, JSON.stringify(news)))
    if (outcome?.is === 'answered') acknowledged.add(news.id)
    const wait = RETRY_AFTER_MS[tries]
    if (outcome?.is !== 'answered' && wait !== undefined) later(news, wait, tries + 1)
  }
  const later = (news: PaymentNews, milliseconds: number, tries: number): void =>
    scheduler.at(scheduler.now() + milliseconds, `webhook ${news.id} on its way`, () => void send(news, tries))
  const delay = (): number => {
    if (!random.chance(roads.late)) return random.below(4 * SECOND_MS)
    return random.pick([5 * MINUTE_MS, HOUR_MS, 12 * HOUR_MS, 4 * 24 * HOUR_MS]) * (0.2 + 0.8 * random.fraction())
  }
  return {
    acknowledged,
    tell: (news: PaymentNews): void => {
      const isLost = random.chance(roads.lost)
      if (isLost) scheduler.say(`webhook ${news.id} ${news.type} is lost`)
      else later(news, delay(), 0)
      while (!isLost && random.chance(roads.twice)) later(news, delay(), 0)
    },
  }
}

/** The provider's list reaches thirty days back: a school that reads none of it for longer is promised nothing. */
const LONGEST_UNREAD_MS = 5 * 24 * HOUR_MS

/** Runs timers on their intervals or later, as those of a school that stood still. */
export const timetable = ({ scheduler, random, school, disk, parts }: Omit<Given, 'roads'>) => {
  const underWay = new Set<string>()
  let isOn = true
  const run = async ({ name, run: work }: Timer): Promise<void> => {
    if (underWay.has(name) && !random.chance(0.2)) return
    underWay.add(name)
    const outcome = await school.run(`timer ${name}`, (world) => work(world))
    underWay.delete(name)
    if (outcome?.is === 'failed') disk.logged.push({ message: name, error: outcome.error })
  }
  const plan = (timer: Timer): void => {
    // A timer of a minute need not run a thousand times in a day in which nothing else happens: once will do.
    const gap = Math.max(0, (scheduler.nextAt() ?? scheduler.now()) - scheduler.now())
    const least = timer.everySeconds * SECOND_MS * (random.chance(0.3) ? 1 : random.between(4, 40))
    const longest = timer.name === 'payments.read-news' ? LONGEST_UNREAD_MS : Number.POSITIVE_INFINITY
    const wait = Math.min(longest, Math.max(least, random.chance(0.95) ? (1 + 11 * random.fraction()) * gap : 0))
    scheduler.round(scheduler.now() + wait, () => {
      if (!isOn) return
      void run(timer)
      plan(timer)
    })
  }
  return {
    start: (): void => {
      for (const timer of parts.timers) plan(timer)
    },
    stop: (): void => {
      isOn = false
    },
    /** Each once, now. */
    turn: (): Promise<unknown> => Promise.all(parts.timers.map(run)),
  }
}
