import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PaymentRefused } from '#ports/payments.ts'
import { aCounter, DAY, eur } from './counter.fixture.ts'

test('A renewal that fails tells when it is tried again and where it can be paid, and that the bank waits where it does', async (t) => {
  const { payments, member, control, pass } = await aCounter(t)
  const { id, customer } = await member()
  await control('cards', { customer, number: '4000000000000341' })
  await pass(32 * DAY)
  const owed = await payments.readSubscription(id)
  const [failed] = owed.invoices
  assert.deepEqual([owed.status, failed?.state, failed?.why, failed?.attempts, failed?.needsAction], ['past_due', 'open', 'renewal', 1, false])
  assert.ok((failed?.retryAt ?? '') > owed.startedAt)
  assert.match(failed?.url ?? '', /^http/)
  assert.deepEqual(await payments.readInvoice(failed?.id ?? ''), failed)
  await control('cards', { customer })
  await pass(4 * DAY)
  const paid = await payments.readSubscription(id)
  assert.deepEqual([paid.status, paid.invoices[0]?.state, paid.invoices[0]?.retryAt], ['active', 'paid', undefined])
  assert.ok(paid.invoices[0]?.paidAt)
  await control('cards', { customer, number: '4000002760003184' })
  await pass(31 * DAY)
  assert.equal((await payments.readSubscription(id)).invoices[0]?.needsAction, true)
})

test('A subscription ends with its period, is taken back, ends on a day, or now; asking twice is asking once', async (t) => {
  const { payments, member, pass } = await aCounter(t)
  const { id, periodEnd } = await member()
  assert.equal((await payments.endSubscription(id, 'period-end')).endsAt, periodEnd)
  assert.equal((await payments.endSubscription(id, 'period-end')).endsAt, periodEnd)
  assert.equal((await payments.resumeSubscription(id)).endsAt, undefined)
  assert.equal((await payments.resumeSubscription(id)).endsAt, undefined)
  const at = new Date(Date.parse(periodEnd) + 10 * DAY * 1000).toISOString()
  assert.equal((await payments.endSubscription(id, { at })).endsAt, at)
  assert.equal((await payments.resumeSubscription(id)).endsAt, undefined)
  const over = await payments.endSubscription(id, 'now')
  assert.deepEqual([over.status, over.endedAt !== undefined], ['canceled', true])
  assert.equal((await payments.endSubscription(id, 'now')).status, 'canceled')
  assert.equal((await payments.resumeSubscription(id)).status, 'canceled')

  const other = await member({}, { order: 'ord_2', idempotencyKey: 'ord_2:1' })
  await payments.endSubscription(other.id, 'period-end')
  await pass(32 * DAY)
  const ended = await payments.readSubscription(other.id)
  assert.deepEqual([ended.status, ended.invoices.length], ['canceled', 1])
})

test('A change charges what was previewed, at once; one that cannot be paid changes nothing', async (t) => {
  const { payments, member, control, pass, clock } = await aCounter(t)
  const { id, customer, periodEnd } = await member()
  await pass(10 * DAY)
  const reckonedAt = clock.now().toISOString()
  const change = { subscription: id, price: eur(9900), every: 'month' as const, title: 'All courses', isTaxed: false, reckonedAt }
  const seen = await payments.previewChange(change)
  await pass(DAY / 48)
  assert.deepEqual(await payments.previewChange(change), seen, 'half an hour later it costs what was shown')
  const preview = await payments.previewChange(change)
  assert.ok(preview.dueNow.amountMinor > 3000 && preview.dueNow.amountMinor < 5000)
  assert.equal(preview.nextAt, periodEnd)

  await control('cards', { customer, number: '4000000000000341' })
  await assert.rejects(payments.changeSubscription({ ...change, idempotencyKey: 'change:1' }), PaymentRefused)
  assert.deepEqual((await payments.readSubscription(id)).price, eur(4900))

  await control('cards', { customer })
  const changed = await payments.changeSubscription({ ...change, idempotencyKey: 'change:2' })
  assert.deepEqual([changed.price, changed.invoices[0]?.why, changed.invoices[0]?.total], [eur(9900), 'change', preview.dueNow])
  const again = await payments.changeSubscription({ ...change, idempotencyKey: 'change:2' })
  assert.equal(again.invoices.length, changed.invoices.length)

  const yearly = { ...change, price: eur(49_000), every: 'year' as const, reckonedAt: clock.now().toISOString() }
  const next = await payments.previewChange(yearly)
  const inAYear = await payments.changeSubscription({ ...yearly, idempotencyKey: 'change:3' })
  assert.deepEqual([inAYear.every, inAYear.periodEnd, inAYear.invoices[0]?.total], ['year', next.nextAt, next.dueNow])

  const down = await payments.previewChange({ ...yearly, price: eur(1000) })
  assert.ok(down.dueNow.amountMinor < 0)
  const credited = await payments.changeSubscription({ ...yearly, price: eur(1000), idempotencyKey: 'change:4' })
  assert.deepEqual([credited.invoices[0]?.state, credited.invoices[0]?.total], ['paid', eur(0)])
})

test('On trial another interval costs nothing now: the trial goes on, and the new price is due at its end', async (t) => {
  const { payments, member, pass, clock } = await aCounter(t)
  const { id, periodEnd } = await member({ trialDays: 14 })
  await pass(2 * DAY)
  const yearly = { subscription: id, price: eur(15_000), every: 'year' as const, title: 'All access', isTaxed: false, reckonedAt: clock.now().toISOString() }
  assert.deepEqual(await payments.previewChange(yearly), { dueNow: eur(0), nextAt: periodEnd })
  const changed = await payments.changeSubscription({ ...yearly, idempotencyKey: 'change:trial' })
  assert.deepEqual([changed.status, changed.every, changed.periodEnd], ['trialing', 'year', periodEnd])
  assert.equal(
    changed.invoices.every(({ total }) => total.amountMinor === 0),
    true,
  )
  await pass(12 * DAY + 7200)
  const begun = await payments.readSubscription(id)
  assert.deepEqual([begun.status, begun.invoices[0]?.total], ['active', eur(15_000)])
})

test('A customer’s portal is a page with a way back', async (t) => {
  const { payments, member } = await aCounter(t)
  const { customer } = await member()
  assert.match(await payments.openPortal(customer, 'http://school.test/memberships'), /^http/)
})
