import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aCounter, DAY, eur } from './counter.fixture.ts'

test('A page is opened, paid and told: order, price, payment and a customer to come back to', async (t) => {
  const { payments, sold, request } = await aCounter(t)
  const open = await payments.openCheckout(request)
  assert.deepEqual([open.order, open.status, open.isPaid, open.url?.includes(open.session)], ['ord_1', 'open', false, true])
  const paid = await sold({ order: 'ord_2', idempotencyKey: 'ord_2:1' })
  assert.deepEqual([paid.order, paid.status, paid.isPaid, paid.paid, paid.taxMinor, paid.isLive], ['ord_2', 'complete', true, eur(4900), 0, false])
  assert.match(paid.payment ?? '', /^pi_/)
  assert.match(paid.customer ?? '', /^cus_/)
  const again = await sold({ order: 'ord_3', idempotencyKey: 'ord_3:1', customer: paid.customer ?? '' })
  assert.equal(again.customer, paid.customer)
})

test('The same order and attempt asked for twice is one page, with a coupon or without', async (t) => {
  const { payments, request, raw } = await aCounter(t)
  const recurring = { every: 'month' as const, trialDays: 0, firstOffMinor: 500 }
  for (const more of [{}, { order: 'ord_2', idempotencyKey: 'ord_2:1', recurring }]) {
    const [first, second] = [await payments.openCheckout({ ...request, ...more }), await payments.openCheckout({ ...request, ...more })]
    assert.equal(first.session, second.session)
  }
  assert.equal(JSON.stringify(await raw('coupons')).match(/"id":"ord_2-1"/g)?.length, 1)
})

test('Tax is contained in the price, and only asked for where the school collects it', async (t) => {
  const { sold, raw } = await aCounter(t)
  const plain = await sold()
  const told = await raw(`checkout/sessions/${plain.session}`)
  assert.deepEqual([told['automatic_tax'], told['billing_address_collection']], [{ enabled: false, liability: null, provider: null, status: null }, null])
  const buyer = { name: 'Lena Lindqvist', country: 'SE', tax_id: 'SE123456789101' }
  const taxed = await sold({ order: 'ord_2', idempotencyKey: 'ord_2:1', isTaxed: true }, buyer)
  assert.deepEqual(taxed.paid, eur(4900))
  assert.ok(taxed.taxMinor > 0 && taxed.taxMinor < 4900)
  assert.equal((await raw(`checkout/sessions/${taxed.session}`))['billing_address_collection'], 'required')
  const known = await sold({ order: 'ord_3', idempotencyKey: 'ord_3:1', isTaxed: true, customer: taxed.customer ?? '' })
  assert.deepEqual([known.paid, known.taxMinor], [eur(4900), taxed.taxMinor])
})

test('A membership names its order, takes a coupon off the first payment only, and begins with a trial where there is one', async (t) => {
  const { payments, sold, member, pass } = await aCounter(t)
  const page = await sold({ recurring: { every: 'month', trialDays: 0, firstOffMinor: 900 } })
  assert.deepEqual([page.isPaid, page.paid, page.payment], [true, eur(4000), undefined])
  const first = await payments.readSubscription(page.subscription ?? '')
  assert.deepEqual([first.order, first.price, first.every, first.status, first.customer], ['ord_1', eur(4900), 'month', 'active', page.customer])
  assert.deepEqual(
    first.invoices.map(({ why, state, total }) => [why, state, total]),
    [['first', 'paid', eur(4000)]],
  )
  await pass(32 * DAY)
  const second = await payments.readSubscription(first.id)
  assert.deepEqual(
    second.invoices.map(({ why, total }) => [why, total]),
    [
      ['renewal', eur(4900)],
      ['first', eur(4000)],
    ],
  )

  const trial = await member({ trialDays: 14 }, { order: 'ord_2', idempotencyKey: 'ord_2:1' })
  assert.deepEqual([trial.status, trial.order], ['trialing', 'ord_2'])
  const days = (Date.parse(trial.periodEnd) - Date.parse(trial.startedAt)) / 1000 / DAY
  assert.equal(days, 14)
})

test('A page that is closed can be paid by nobody, and closing one that is paid tells that it is', async (t) => {
  const { payments, sold, request, control } = await aCounter(t)
  const open = await payments.openCheckout(request)
  assert.equal((await payments.closeCheckout(open.session)).status, 'expired')
  assert.equal((await payments.closeCheckout(open.session)).status, 'expired')
  await control(`sessions/${open.session}/pay`).catch(() => undefined)
  assert.equal((await payments.readCheckout(open.session)).isPaid, false)
  const paid = await sold({ order: 'ord_2', idempotencyKey: 'ord_2:1' })
  assert.deepEqual([(await payments.closeCheckout(paid.session)).status, (await payments.closeCheckout(paid.session)).isPaid], ['complete', true])
})

test('A page may be given less than a day', async (t) => {
  const { payments, request, pass, clock } = await aCounter(t)
  const { session } = await payments.openCheckout({ ...request, expiresAt: new Date(clock.now().getTime() + 3600_000).toISOString() })
  await pass(3601)
  assert.equal((await payments.readCheckout(session)).status, 'expired')
})
