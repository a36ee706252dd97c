import * as z from 'zod/mini'
import { Money } from '#contract/base.ts'
import type { Actor } from '#core/handlers.ts'
import { followPayment } from '#core/payments/follow.ts'
import { orderRecords } from '#core/payments/records.ts'
import { BOOKS } from '#core/personal.ts'
import { records } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { PaymentRefused, PaymentsUnavailable } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { orUnavailable, type Refundable, refundable, refuseTooMuch } from './refundable.ts'

/** What was asked of the provider under which key, by whom and why. Kept, for whoever looks back; it changes nothing by itself. */
export const askedRecords = records({
  schema: z.object({
    ...{ order: z.string(), key: z.string(), payment: z.string(), amount: Money, at: z.string() },
    by: z.object({ id: z.string(), name: z.string() }),
    note: z.optional(z.string()),
    /** When the provider had said yes. */
    madeAt: z.optional(z.string()),
  }),
  key: ({ order, key }: { order: string; key: string }) => ({ pk: `order#${order}`, sk: `refund-asked#${key}` }),
  people: { what: 'stays', says: 'Refunds you have made', because: BOOKS },
})

type Wanted = { order: string; payment?: string | undefined; amountMinor: number; key: string; note?: string | undefined }
type Asked = { payment: string; amount: Money; at: string; madeAt?: string | undefined }

/** The provider remembers a key for a day (docs.stripe.com/api/idempotent_requests): after that, the same question is a second refund. */
const REMEMBERED_MS = 20 * 3600_000

/** What was asked under this key before: the same question again is answered, another one is refused. */
const askedBefore = async ({ tables }: World, { order, key, payment, amountMinor }: Wanted): Promise<Asked | undefined> => {
  const asked = (await askedRecords.get(tables, { order, key }))?.value
  if (!asked) return undefined
  if (asked.amount.amountMinor === amountMinor && (payment === undefined || payment === asked.payment)) return asked
  throw new Refusal('conflict', 'Another refund was asked for under this key. Load the page again.')
}

const asking = async (world: World, { id, name }: Actor, wanted: Wanted, { payment, left }: Refundable): Promise<Asked> => {
  const { order, key, amountMinor, note } = wanted
  const amount = { amountMinor, currency: left.currency }
  const asked = { order, key, payment, amount, at: world.clock.now().toISOString(), by: { id, name }, ...(note !== undefined && note !== '' && { note }) }
  // Losing this commit means that the same was asked at the same moment.
  if ((await world.tables.commit([askedRecords.add(asked)])) === 'done') return asked
  return (await askedBefore(world, wanted)) ?? asked
}

const given = async (world: World, { order, key, note }: Wanted, { payment, amount, at, madeAt }: Asked): Promise<void> => {
  const { payments, tables, clock } = world
  if (madeAt !== undefined) return
  if (clock.now().getTime() - Date.parse(at) > REMEMBERED_MS) {
    throw new Refusal('conflict', 'It is not known whether this refund was made. Look at the payment with the provider, then load the page again.')
  }
  try {
    await orUnavailable(payments.giveBack({ payment, amount, idempotencyKey: `${order}.${key}`, ...(note !== undefined && note !== '' && { note }) }))
  } catch (error) {
    if (!(error instanceof PaymentRefused)) throw error
    throw new Refusal('conflict', `The payment provider refuses: ${error.message}`, 'provider')
  }
  const asked = await askedRecords.get(tables, { order, key })
  if (asked) await tables.commit([askedRecords.put({ ...asked.value, madeAt: clock.now().toISOString() })])
}

/** The order as it is after the refund, at once. A provider that is down by now will be asked again by its news, and by the sweep. */
const followed = async (world: World, { order, amountMinor }: Wanted, payment: string): Promise<number> => {
  const before = (await orderRecords.get(world.tables, { id: order }))?.value.refundedMinor ?? 0
  try {
    const odd = await followPayment(world, order, payment)
    if (odd !== undefined) world.log.warn('refund made and not acted on', { order, payment, because: odd })
  } catch (error) {
    if (!(error instanceof PaymentsUnavailable)) throw error
    world.log.warn('refund made and not read again yet', { order, payment, reason: error.message })
    return before + amountMinor
  }
  const after = (await orderRecords.get(world.tables, { id: order }))?.value
  if (!after) throw missing('order')
  return after.refundedMinor ?? 0
}

/** Gives money back. Asked twice under one key, also after a crash or a lost answer, it is given back once. */
export const make = async (world: World, admin: Actor, wanted: Wanted): Promise<{ refundedMinor: number }> => {
  let asked = await askedBefore(world, wanted)
  if (!asked) {
    const found = await refundable(world, wanted)
    refuseTooMuch(found, wanted.amountMinor)
    asked = await asking(world, admin, wanted, found)
  }
  await given(world, wanted, asked)
  return { refundedMinor: await followed(world, wanted, asked.payment) }
}
