import { OFFERS, offerRecords } from '#core/offers/records.ts'
import { all } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { memberRecords, membershipsOf } from './records.ts'

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

/** Refuses to sell somebody the same membership, or plan, twice: it would be charged twice. One that is ending may be begun anew. */
export const refuseMember = async ({ tables }: World, learner: string, offer: string): Promise<void> => {
  const had = (await membershipsOf(tables, learner)).find((each) => each.offer === offer && each.state !== 'ended' && each.endedAt === undefined)
  if (!had) return
  const says = had.state === 'lapsed' ? 'You have this already, and a payment for it is open. Pay that, or cancel it first.' : 'You have this already.'
  throw new Refusal('already-enrolled', says)
}
