import { OFFERS, offerRecords } from '#core/offers/records.ts'
import { all } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'
import { memberRecords } from './records.ts'

const MOST = 1000

const whoFollow = async (tables: Tables, of: string): Promise<string[]> => {
  const { items } = await memberRecords.list(tables, `members-of#${of}`, { limit: MOST })
  return items.map(({ learner }) => learner)
}

/** Who follows a course by a membership that has not ended, or by a plan; at most a thousand of each offer. */
export const membersOf = async (tables: Tables, course: string): Promise<string[]> => {
  const offers = await all((page) => offerRecords.listIndex(tables, OFFERS, { limit: MOST, ...(page !== undefined && { page }) }))
  const opening = offers.filter(({ terms, courses }) => terms.kind === 'membership' && courses.includes(course)).map(({ id }) => id)
  return (await Promise.all([course, ...opening].map((of) => whoFollow(tables, of)))).flat()
}
