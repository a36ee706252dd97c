import * as z from 'zod/mini'
import { Policy } from '#contract/refunds.ts'
import { records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

export const USUAL_POLICY: Policy = { graceHours: 72, onDispute: 'pauses', isTaxed: false, seller: '' }

export const policyRecords = records({
  schema: z.object({ id: z.literal('money'), ...Policy.shape }),
  key: ({ id }: { id: 'money' }) => ({ pk: 'school', sk: `policy#${id}` }),
})

export const moneyPolicy = async (tables: Tables): Promise<Policy> => {
  const stored = (await policyRecords.get(tables, { id: 'money' }))?.value
  return stored ? Policy.parse(stored) : USUAL_POLICY
}
