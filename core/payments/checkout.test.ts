import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buy } from '#test/buy.ts'
import { refusalOf } from '#test/school.ts'
import { aPaidPage, aSale, aTill } from '#test/till.ts'
import { reconcile } from './reconcile.ts'

test('While the provider is down an order waits, and the retry opens its page when it is up again', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await aSale(till)
  await till.faults({ api: 'down' })
  const waiting = await buy(learner, course)
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
  const waiting = await buy(learner, course)
  assert.equal(waiting.state, 'waiting')
  await till.faults({ api: 'none' })
  assert.equal((await buy(learner, course)).state, 'open')
  assert.equal(await till.sessions(), 1)
})

test('Two tabs and the back button make one order with one checkout page', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await aSale(till)
  const opened = await Promise.all(Array.from({ length: 4 }, () => buy(learner, course)))
  opened.push(await buy(learner, course))
  assert.equal(new Set(opened.map(({ id }) => id)).size, 1)
  assert.equal(new Set(opened.map(({ checkoutUrl }) => checkoutUrl)).size, 1)
  assert.equal(await till.sessions(), 1)
  assert.equal((await learner.client.payments.mine({})).orders.length, 1)
})

test('Ordering again after paying elsewhere finds the payment instead of asking for another', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  till.clock.pass(200)
  const again = await buy(paid.learner, paid.course)
  assert.equal(again.state, 'paid')
  assert.equal(await paid.isEnrolled(), true)
})

test('Somebody who waits for their payment is told within fifteen seconds though no webhook comes, and the provider is asked once', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  let asked = 0
  const { payments } = till.world
  till.world.payments = {
    ...payments,
    readCheckout: (session) => {
      asked += 1
      return payments.readCheckout(session)
    },
  }
  const look = () => paid.learner.client.payments.order({ order: paid.order.id })
  till.clock.pass(14)
  assert.equal((await look()).state, 'open')
  assert.equal(asked, 0)
  till.clock.pass(1)
  await Promise.all([look(), look(), look()])
  assert.equal((await look()).state, 'paid')
  assert.equal(await paid.isEnrolled(), true)
  assert.equal(asked, 1)
})

test('Somebody who waits while the provider is down is shown their order as it is known, and asked for again later', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  await till.faults({ api: 'down' })
  till.clock.pass(15)
  assert.equal((await paid.learner.client.payments.order({ order: paid.order.id })).state, 'open')
  await till.faults({ api: 'none' })
  till.clock.pass(15)
  assert.equal((await paid.learner.client.payments.order({ order: paid.order.id })).state, 'paid')
})

test('A price the provider cannot charge is refused when a course is priced, and at checkout if it was set before', async (t) => {
  const till = await aTill(t)
  const { learner, teacher, course } = await aSale(till)
  for (const amountMinor of [1, 49, 100_000_000]) {
    assert.equal(await refusalOf(teacher.client.courses.update({ course, price: { amountMinor, currency: 'EUR' } })), 'bad-input')
  }
  till.world.settings.currency = 'KWD'
  assert.equal(await refusalOf(teacher.client.courses.update({ course, price: { amountMinor: 1234, currency: 'KWD' } })), 'bad-input')
  const { payments } = till.world
  till.world.payments = { ...payments, canCharge: () => true }
  await teacher.client.courses.update({ course, price: { amountMinor: 1234, currency: 'KWD' } })
  await teacher.client.courses.publish({ course })
  till.world.payments = payments
  assert.equal(await refusalOf(buy(learner, course)), 'not-for-sale')
})

test('An expired page is told as such, and ordering again opens a new one at the price of the day', async (t) => {
  const till = await aTill(t)
  await till.faults({ webhooks: 'drop' })
  const { learner, teacher, course } = await aSale(till)
  const first = await buy(learner, course)
  till.clock.pass(24 * 3600 + 1)
  await reconcile(till.world)
  assert.equal((await learner.client.payments.order({ order: first.id })).state, 'expired')
  await teacher.client.courses.update({ course, price: { amountMinor: 5900, currency: 'EUR' } })
  await teacher.client.courses.publish({ course })
  const second = await buy(learner, course)
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
  const { id } = await buy(learner, course)
  const stranger = await till.person('Stranger')
  assert.equal(await refusalOf(stranger.client.payments.order({ order: id })), 'not-found')
  assert.equal(await refusalOf(stranger.client.payments.retry({ order: id })), 'not-found')
  assert.equal(await refusalOf(buy({ client: till.visitor }, course)), 'not-signed-in')
  await teacher.client.courses.update({ course, price: { amountMinor: 0, currency: 'EUR' } })
  await teacher.client.courses.publish({ course })
  assert.equal(await refusalOf(buy(stranger, course)), 'not-for-sale')
  await teacher.client.courses.unpublish({ course })
  assert.equal(await refusalOf(buy(stranger, course)), 'not-found')
  assert.equal(await refusalOf(buy(stranger, 'crs_00000000')), 'not-found')
})
