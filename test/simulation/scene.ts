import type { Item } from '#contract/payments.ts'
import type { Actor } from '#core/handlers.ts'
import type { StoredOffer } from '#core/offers/records.ts'
import type { World } from '#ports/world.ts'
import type { Bank } from './bank.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import type { Disk, Outcome, School } from './world.ts'

/** What somebody may put into a basket. */
export type Goods = { courses: readonly string[]; offers: readonly StoredOffer[]; items: readonly Item[]; coupons: readonly string[] }

/** What a history has to play with. */
export type Scene = {
  scheduler: Scheduler
  random: Random
  school: School
  disk: Disk
  bank: Bank
  learners: readonly Actor[]
  /** Who is given seats, and buys nothing. */
  guests: readonly Actor[]
  /** `order person`: who was told that a seat is theirs, unless somebody has asked for it back. */
  sat: Map<string, 'theirs' | 'asked back'>
  /** What each learner was shown to be due, in minor units, for each thing. */
  shown: Map<string, Set<number>>
  goods: Goods
}

/** A request to the school by a browser; one that finds nobody there tries again. */
export const ask = async <T>({ scheduler, random, school }: Scene, what: string, work: (world: World) => Promise<T>): Promise<Outcome<T>> => {
  for (;;) {
    const answer = school.run(what, work)
    if (answer !== undefined) return answer
    await scheduler.pause(random.between(2000, 30_000))
  }
}

export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS
