import type { refunds as contract } from '#contract/refunds.ts'
import type { Feature } from '#core/handlers.ts'
import { alertHearings } from './alerts.ts'
import { make } from './make.ts'
import { moneyPolicy, policyRecords } from './policy.ts'
import { previewOf } from './preview.ts'
import { refundable, refuseTooMuch } from './refundable.ts'

export const refunds: Feature<typeof contract> = {
  handlers: {
    preview: async (world, _admin, { amountMinor, ...of }) => {
      const found = await refundable(world, of)
      refuseTooMuch(found, amountMinor)
      return previewOf(world, found, amountMinor)
    },
    make,
    policy: ({ tables }) => moneyPolicy(tables),
    putPolicy: async ({ tables }, _admin, policy) => {
      await tables.commit([policyRecords.put({ id: 'money', ...policy })])
      return policy
    },
  },
  hearings: alertHearings,
  timers: [],
}
