import { MEMBERSHIPS, membershipRecords, type StoredMembership } from '#core/memberships/records.ts'
import type { World } from '#ports/world.ts'
import { listed, ROWS_A_PAGE } from './pages.ts'

export const member = ({ paidCount, count, id, order, learner, email, title, kind, state, price, every, startedAt, paidUntil, endsAt }: StoredMembership) => ({
  ...{ id, order, learner: { id: learner, email }, title, kind, state, price, every, since: startedAt, paidUntil },
  ...(endsAt !== undefined && { endsAt }),
  ...(count !== undefined && { instalments: { paid: paidCount, of: count } }),
})

/** Memberships and instalment plans, newest first. */
export const members = async ({ tables }: World, page: string | undefined) => {
  const { items, next } = await listed(
    membershipRecords.listIndex(tables, MEMBERSHIPS, { descending: true, limit: ROWS_A_PAGE, ...(page !== undefined && { page }) }),
  )
  return { memberships: items.map(member), ...(next !== undefined && { next }) }
}
