import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aCoupon, aPricedCourse, aSellingSchool } from '#core/offers/selling.fixture.ts'
import { buy } from '#test/buy.ts'
import { openWaiting } from './waiting.ts'

test('An order that had to wait is opened when the provider is back, and its learner is written to once', async (t) => {
  const school = await aSellingSchool(t)
  const { provider, world } = school
  const course = await aPricedCourse(school, 'Colour')
  const lena = await school.person('Lena')
  provider.is.down = true
  const order = await buy(lena, course)
  assert.equal(order.state, 'waiting')
  await lena.client.payments.retry({ order: order.id })
  for (let minutes = 0; minutes < 30; minutes += 1) {
    school.clock.pass(60)
    await openWaiting(world)
  }
  assert.equal(school.happened('order.waiting'), 1)
  provider.is.down = false
  for (let minutes = 0; minutes < 10; minutes += 1) {
    school.clock.pass(60)
    await openWaiting(world)
  }
  await school.settle()
  const open = await lena.client.payments.order({ order: order.id })
  assert.equal(open.state, 'open')
  assert.deepEqual(
    school.letters.map(({ to, subject, text }) => [to, subject, text.includes(`http://school.test/orders/${order.id}`)]),
    [['lena@lectern.test', 'You can go on with your order: Colour', true]],
  )
  assert.equal(provider.pages().length, 1)
  assert.equal(provider.pay(open.checkoutUrl), 'paid')
  await school.reconcile()
  assert.equal(school.happened('order.paid'), 1)
})

test('A page that was made while its answer was lost is found by the same key: one page, one charge', async (t) => {
  const school = await aSellingSchool(t)
  const { provider, world } = school
  const course = await aPricedCourse(school, 'Colour')
  const lena = await school.person('Lena')
  provider.is.lossy = true
  assert.equal((await buy(lena, course)).state, 'waiting')
  provider.is.lossy = false
  school.clock.pass(60)
  await openWaiting(world)
  const { checkoutUrl } = await buy(lena, course)
  assert.equal(provider.pages().length, 1)
  provider.pay(checkoutUrl)
  await school.reconcile()
  assert.deepEqual([provider.charges(), school.happened('order.paid')], [1, 1])
})

test('An order whose program died before it asked is asked for by the next one', async (t) => {
  const school = await aSellingSchool(t)
  const { provider, world } = school
  const course = await aPricedCourse(school, 'Colour')
  const lena = await school.person('Lena')
  world.payments = { ...provider.payments, openCheckout: () => Promise.reject(new Error('The program died here.')) }
  await assert.rejects(buy(lena, course))
  world.payments = provider.payments
  school.clock.pass(60)
  await openWaiting(world)
  const [order] = (await lena.client.payments.mine({})).orders
  assert.equal(order?.state, 'open')
})

test('Nobody waits for ever: after three days the order has run out, and gives its coupon back', async (t) => {
  const school = await aSellingSchool(t)
  const { provider, world } = school
  const course = await aPricedCourse(school, 'Colour')
  await aCoupon(school, { limit: 1 })
  const lena = await school.person('Lena')
  provider.is.down = true
  const order = await buy(lena, course, { coupon: 'SPRING' })
  school.clock.pass(72 * 3600)
  await openWaiting(world)
  assert.equal((await lena.client.payments.order({ order: order.id })).state, 'expired')
  assert.equal((await school.admin.client.offers.coupons({})).coupons[0]?.used, 0)
  provider.is.down = false
  assert.equal((await buy(lena, course, { coupon: 'SPRING' })).state, 'open')
})

test('What is no longer sold is not opened late, and one order that cannot be opened holds up no other', async (t) => {
  const school = await aSellingSchool(t)
  const { provider, teacher, world } = school
  const [colour, light, odd] = [await aPricedCourse(school, 'Colour'), await aPricedCourse(school, 'Light'), await aPricedCourse(school, 'Odd')]
  const lena = await school.person('Lena')
  provider.is.down = true
  const orders = [await buy(lena, odd), await buy(lena, colour), await buy(lena, light)]
  await teacher.client.courses.unpublish({ course: colour })
  provider.is.down = false
  const { openCheckout } = provider.payments
  world.payments = {
    ...provider.payments,
    openCheckout: (request) => (request.title === 'Odd' ? Promise.reject(new RangeError('This cannot be charged.')) : openCheckout(request)),
  }
  school.clock.pass(60)
  await assert.rejects(openWaiting(world), AggregateError)
  const states = await Promise.all(orders.map(async ({ id }) => (await lena.client.payments.order({ order: id })).state))
  assert.deepEqual(states, ['waiting', 'expired', 'open'])
})

test('Somebody who orders anew at the moment their order is given up waits for it like anybody', async (t) => {
  const school = await aSellingSchool(t)
  const { provider, world } = school
  const course = await aPricedCourse(school, 'Colour')
  const lena = await school.person('Lena')
  provider.is.down = true
  const order = await buy(lena, course)
  school.clock.pass(72 * 3600)
  const { tables } = world
  world.tables = {
    ...tables,
    commit: async (changes, events) => {
      const outcome = await tables.commit(changes, events)
      if (changes.some((change) => change.kind === 'put' && change.body['state'] === 'expired')) assert.equal((await buy(lena, course)).state, 'waiting')
      return outcome
    },
  }
  await openWaiting(world)
  world.tables = tables
  provider.is.down = false
  school.clock.pass(60)
  await openWaiting(world)
  assert.equal((await lena.client.payments.order({ order: order.id })).state, 'open')
})
