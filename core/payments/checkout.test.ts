import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalOf } from '#test/school.ts'
import { aPaidPage, aSale, aTill } from '#test/till.ts'
import { reconcile } from './reconcile.ts'

test('While the provider is down an order waits, and the retry opens its page when it is up again', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await aSale(till)
  await till.faults({ api: 'down' })
  const waiting = await learner.client.payments.checkout({ course })
  assert.equal(waiting.state, 'waiting')
  assert.equal(waiting.checkoutUrl, undefined)
  till.clock.pass(24 * 3600)
  await reconcile(till.world)
  assert.equal((await learner.client.payments.order({ order: waiting.id })).state, 'waiting')
  await till.faults({ api: 'none' })
  const open = await learner.client.payments.retry({ order: waiting.id })
  assert.equal(open.id, waiting.id)
  assert.equal(open.state, 'open')
})

test('A page that was made while its answer was lost is the one a retry gets', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await aSale(till)
  await till.faults({ api: 'lost' })
  const waiting = await learner.client.payments.checkout({ course })
  assert.equal(waiting.state, 'waiting')
  await till.faults({ api: 'none' })
  assert.equal((await learner.client.payments.checkout({ course })).state, 'open')
  assert.equal(await till.sessions(), 1)
})

test('Two tabs and the back button make one order with one checkout page', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await aSale(till)
  const opened = await Promise.all(Array.from({ length: 4 }, () => learner.client.payments.checkout({ course })))
  opened.push(await learner.client.payments.checkout({ course }))
  assert.equal(new Set(opened.map(({ id }) => id)).size, 1)
  assert.equal(new Set(opened.map(({ checkoutUrl }) => checkoutUrl)).size, 1)
  assert.equal(await till.sessions(), 1)
  assert.equal((await learner.client.payments.mine({})).orders.length, 1)
})

test('Ordering again after paying elsewhere finds the payment instead of asking for another', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  till.clock.pass(200)
  const again = await paid.learner.client.payments.checkout({ course: paid.course })
  assert.equal(again.state, 'paid')
  assert.equal(await paid.isEnrolled(), true)
})

test('An expired page is told as such, and ordering again opens a new one at the price of the day', async (t) => {
  const till = await aTill(t)
  await till.faults({ webhooks: 'drop' })
  const { learner, teacher, course } = await aSale(till)
  const first = await learner.client.payments.checkout({ course })
  till.clock.pass(24 * 3600 + 1)
  await reconcile(till.world)
  assert.equal((await learner.client.payments.order({ order: first.id })).state, 'expired')
  await teacher.client.courses.update({ course, price: { amountMinor: 5900, currency: 'EUR' } })
  await teacher.client.courses.publish({ course })
  const second = await learner.client.payments.checkout({ course })
  assert.equal(second.id, first.id)
  assert.equal(second.price.amountMinor, 5900)
  assert.notEqual(second.checkoutUrl, first.checkoutUrl)
  await till.pay(second.checkoutUrl)
  till.clock.pass(301)
  await reconcile(till.world)
  assert.equal((await learner.client.payments.order({ order: first.id })).state, 'paid')
})

test('Only what is for sale can be ordered, and an order is its learner’s alone', async (t) => {
  const till = await aTill(t)
  const { learner, teacher, course } = await aSale(till)
  const { id } = await learner.client.payments.checkout({ course })
  const stranger = await till.person('Stranger')
  assert.equal(await refusalOf(stranger.client.payments.order({ order: id })), 'not-found')
  assert.equal(await refusalOf(stranger.client.payments.retry({ order: id })), 'not-found')
  assert.equal(await refusalOf(till.visitor.payments.checkout({ course })), 'not-signed-in')
  await teacher.client.courses.update({ course, price: { amountMinor: 0, currency: 'EUR' } })
  await teacher.client.courses.publish({ course })
  assert.equal(await refusalOf(stranger.client.payments.checkout({ course })), 'not-for-sale')
  await teacher.client.courses.unpublish({ course })
  assert.equal(await refusalOf(stranger.client.payments.checkout({ course })), 'not-found')
  assert.equal(await refusalOf(stranger.client.payments.checkout({ course: 'crs_00000000' })), 'not-found')
})
