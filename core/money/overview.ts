import { MEMBERSHIPS, membershipRecords } from '#core/memberships/records.ts'
import { moneyPolicy } from '#core/refunds/policy.ts'
import type { World } from '#ports/world.ts'
import { allFindings, storedReport } from './findings.ts'
import { countParked, newsAt } from './news.ts'
import { countUnreached, openDisputes, worries } from './worries.ts'

/** What the school tells itself about money: the beginnings of events' names. */
const OF_MONEY = /^(hook|order|money|receipt|membership|seats|enrolment|agreement|offer)\./

const RUNNING: readonly string[] = ['trial', 'active', 'grace', 'complete']
/** Read a look at the page, the newest first; a school with more is told “so many and more”. */
const MOST_MEMBERS = 10_000

type Counted = { running: number; owing: number; isWhole: boolean }

export const countMembers = async ({ tables }: Pick<World, 'tables'>, most = MOST_MEMBERS): Promise<Counted> => {
  const counted: Counted = { running: 0, owing: 0, isWhole: true }
  for (let [page, read]: [string | undefined, number] = [undefined, 0]; ; ) {
    const part = await membershipRecords.listIndex(tables, MEMBERSHIPS, { descending: true, limit: Math.min(1000, most), ...(page !== undefined && { page }) })
    const running = part.items.filter(({ state, kind }) => RUNNING.includes(state) && !(kind === 'instalments' && state === 'complete'))
    counted.running += running.length
    counted.owing += running.filter(({ state }) => state === 'grace').length
    ;[page, read] = [part.next, read + part.items.length]
    if (page === undefined) return counted
    if (read >= most) return { ...counted, isWhole: false }
  }
}

export const overview = async (world: World) => {
  const { tables, events } = world
  const [members, findings, parked, letters, lastNews, report, { disputed, warned }, unreached, policy] = await Promise.all([
    countMembers(world),
    allFindings(tables),
    countParked(tables),
    events.deadLetters(),
    newsAt(world),
    storedReport(tables),
    worries(world),
    countUnreached(tables),
    moneyPolicy(tables),
  ])
  const held = findings.filter(({ kind }) => kind === 'held').length
  const comparedAt = report?.value.at
  const answerBy = disputed
    .flatMap(openDisputes)
    .flatMap((dispute) => dispute.answerBy ?? [])
    .toSorted()[0]
  return {
    ...{ members, held, parked, findings: findings.length - held, deadLetters: letters.filter(({ event }) => OF_MONEY.test(event.name)).length },
    ...{ disputed: disputed.length, warned: warned.length, unreached, hasSeller: policy.seller.trim() !== '' },
    ...(answerBy !== undefined && { answerBy }),
    ...(comparedAt !== undefined && { comparedAt }),
    ...(lastNews !== undefined && { newsAt: lastNews }),
  }
}
