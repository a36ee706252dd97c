import { MEMBERSHIPS, membershipRecords } from '#core/memberships/records.ts'
import { all } from '#core/records.ts'
import { moneyPolicy } from '#core/refunds/policy.ts'
import type { World } from '#ports/world.ts'
import { allFindings, storedReport } from './findings.ts'
import { countParked, newsAt } from './news.ts'
import { countUnreached, openDisputes, worries } from './worries.ts'

/** What the school tells itself about money: the beginnings of events' names. */
const OF_MONEY = /^(hook|order|money|receipt|membership|seats|enrolment|agreement|offer)\./

const RUNNING: readonly string[] = ['trial', 'active', 'grace', 'complete']
const MOST_MEMBERS = 50_000

const countMembers = async ({ tables }: World): Promise<{ running: number; owing: number }> => {
  const found = await all((page) => membershipRecords.listIndex(tables, MEMBERSHIPS, { limit: 1000, ...(page !== undefined && { page }) }), MOST_MEMBERS)
  const running = found.filter(({ state, kind }) => RUNNING.includes(state) && !(kind === 'instalments' && state === 'complete'))
  return { running: running.length, owing: running.filter(({ state }) => state === 'grace').length }
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
