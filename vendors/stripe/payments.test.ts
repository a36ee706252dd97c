import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PaymentRefused } from '#ports/payments.ts'
import { aCounter, DAY, eur } from './counter.fixture.ts'
import { stripePayments } from './stripe.ts'

test('A payment leads to its sale: a checkout for what is paid once, invoice and subscription for the rest; a stranger’s to nothing', async (t) => {
  const { payments, sold, member, pass } = await aCounter(t)
  const page = await sold()
  const once = await payments.readPayment(page.payment ?? '')
  assert.deepEqual(once?.checkout, page)
  assert.deepEqual(
    [once?.paid, once?.refunded, once?.invoice, once?.subscription, once?.dispute, once?.fraudWarning],
    [eur(4900), eur(0), undefined, undefined, undefined, undefined],
  )
  const { id, invoices } = await member({}, { order: 'ord_2', idempotencyKey: 'ord_2:1' })
  const first = await payments.readPayment(invoices[0]?.payment ?? '')
  assert.deepEqual([first?.checkout, first?.invoice, first?.subscription, first?.paid], [undefined, invoices[0]?.id, id, eur(4900)])
  await pass(32 * DAY)
  const [renewal] = (await payments.readSubscription(id)).invoices
  assert.equal((await payments.readPayment(renewal?.payment ?? ''))?.invoice, renewal?.id)
  assert.equal(await payments.readPayment('pi_of_somebody_else'), undefined)
})

test('Money goes back in parts, once for each key, and no more than there is', async (t) => {
  const { payments, sold } = await aCounter(t)
  const payment = (await sold()).payment ?? ''
  const back = (amountMinor: number, idempotencyKey: string) => payments.giveBack({ payment, amount: eur(amountMinor), idempotencyKey, note: 'asked for' })
  const refunded = async (): Promise<number | undefined> => (await payments.readPayment(payment))?.refunded.amountMinor
  await back(1900, 'one')
  await back(1900, 'one')
  assert.equal(await refunded(), 1900)
  await assert.rejects(back(3001, 'two'), PaymentRefused)
  await back(3000, 'three')
  assert.equal(await refunded(), 4900)
  await assert.rejects(back(1, 'four'), (error: Error) => error instanceof PaymentRefused && /already been refunded/.test(error.message))
  await assert.rejects(payments.giveBack({ payment: 'pi_none', amount: eur(1), idempotencyKey: 'five' }), PaymentRefused)
  await assert.rejects(payments.giveBack({ payment, amount: { amountMinor: 1.5, currency: 'EUR' }, idempotencyKey: 'six' }), PaymentRefused)
  assert.deepEqual((await payments.listRefunded('2026-05-01T00:00:00Z')).items, [payment, payment])
})

test('A dispute is told as it stands, with the day to answer by, and a fraud warning by its name', async (t) => {
  const { payments, sold, control } = await aCounter(t)
  const payment = (await sold()).payment ?? ''
  const dispute = async () => (await payments.readPayment(payment))?.dispute
  const { id } = await control(`payments/${payment}/dispute`, { reason: 'fraudulent' })
  const open = await dispute()
  assert.deepEqual([open?.id, open?.outcome, open?.amount, open?.reason], [id, 'open', eur(4900), 'fraudulent'])
  assert.ok(Date.parse(open?.answerBy ?? '') > Date.parse('2026-05-04T09:00:00Z'))
  await control(`disputes/${id}/close`, { outcome: 'won' })
  assert.equal((await dispute())?.outcome, 'won')

  const other = (await sold({ order: 'ord_2', idempotencyKey: 'ord_2:1' })).payment ?? ''
  const { id: second } = await control(`payments/${other}/dispute`)
  await control(`disputes/${second}/close`, { outcome: 'lost' })
  const { id: warning } = await control(`payments/${other}/warn`)
  const told = await payments.readPayment(other)
  assert.deepEqual([told?.dispute?.outcome, told?.fraudWarning], ['lost', warning])
})

test('A payment’s page is with Stripe, and a stand-in’s has none', async (t) => {
  const { payments } = await aCounter(t)
  assert.equal(payments.pageOf('pi_1'), undefined)
  const pageOf = (secretKey: string) => stripePayments({ secretKey, webhookSecrets: [], clock: { now: () => new Date(0) } }).pageOf('pi_1')
  assert.equal(pageOf('sk_test_x'), 'https://dashboard.stripe.com/test/payments/pi_1')
  assert.equal(pageOf('rk_live_x'), 'https://dashboard.stripe.com/payments/pi_1')
})
