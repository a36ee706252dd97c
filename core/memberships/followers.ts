import { OFFERS, offerRecords } from '#core/offers/records.ts'
import { all } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'
import { memberRecords } from './records.ts'

const MOST = 1000

const whoFollow = async (tables: Tables, of: string): Promise<string[]> => {
  const { items } = await memberRecords.list(tables, `members-of#${of}`, { limit: MOST })
  return items.map(({ learner }) => learner)
}

/**
 * Who follows a course by a membership that has not ended, or by a plan; at most a thousand of each offer. Which courses a plan opens is read of the
 * plan itself: its index may not have heard yet of one that was added. (A plan it does not list yet nobody can have joined.)
 */
export const membersOf = async (tables: Tables, course: string): Promise<string[]> => {
  const offers = await all((page) => offerRecords.listIndex(tables, OFFERS, { limit: MOST, ...(page !== undefined && { page }) }))
  const plans = offers.filter(({ terms }) => terms.kind === 'membership')
  const current = await Promise.all(plans.map(async ({ id }) => (await offerRecords.get(tables, { id }))?.value))
  const opening = current.flatMap((plan) => (plan?.courses.includes(course) ? [plan.id] : []))
  return (await Promise.all([course, ...opening].map((of) => whoFollow(tables, of)))).flat()
}
