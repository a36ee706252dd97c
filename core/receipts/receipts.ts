import type { receipts as contract, Receipt } from '#contract/receipts.ts'
import { hasRole } from '#contract/roles.ts'
import { hearing } from '#core/events.ts'
import type { Feature } from '#core/handlers.ts'
import { all } from '#core/records.ts'
import { missing } from '#core/refusal.ts'
import { issue } from './issue.ts'
import { receiptRecords, receiptsOf, type StoredReceipt } from './records.ts'

const told = ({ learner: _, entry: _entry, ...receipt }: StoredReceipt): Receipt => receipt

export const receipts: Feature<typeof contract> = {
  handlers: {
    mine: async ({ tables }, { id }) => {
      const found = await all((page) => receiptRecords.listIndex(tables, receiptsOf(id), { descending: true, ...(page !== undefined && { page }) }))
      return { receipts: found.map(told) }
    },
    receipt: async ({ tables }, actor, { receipt: id }) => {
      const receipt = (await receiptRecords.get(tables, { id }))?.value
      if (!receipt || (receipt.learner !== actor.id && !hasRole(actor, 'support'))) throw missing('receipt')
      return told(receipt)
    },
  },
  hearings: [
    hearing('receipts.issue', 'money.moved', async (world, moved) => {
      await issue(world, moved)
    }),
  ],
  timers: [],
}
