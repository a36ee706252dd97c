import assert from 'node:assert/strict'
import { test } from 'node:test'
import { membershipRecords } from '#core/memberships/records.ts'
import { aCoupon, aMembership, aPricedCourse, aSellingSchool, EUR } from '#core/offers/selling.fixture.ts'
import { buy } from '#test/buy.ts'
import { refusalOf } from '#test/school.ts'

test('When the price of an unpaid order changes its old page takes no money, and the new one takes what is shown', async (t) => {
  const school = await aSellingSchool(t)
  const { provider, teacher } = school
  const course = await aPricedCourse(school, 'Colour')
  const lena = await school.person('Lena')
  const first = await buy(lena, course)
  await teacher.client.courses.update({ course, price: EUR(5900) })
  await teacher.client.courses.publish({ course })
  assert.equal(await refusalOf(lena.client.payments.checkout({ item: { kind: 'course', course }, shown: EUR(4900) })), 'price-changed')
  const second = await buy(lena, course)
  assert.deepEqual([second.id, second.price], [first.id, EUR(5900)])
  assert.equal(provider.pay(first.checkoutUrl), 'refused')
  assert.equal(provider.pay(second.checkoutUrl), 'paid')
  await school.reconcile()
  assert.equal((await lena.client.payments.order({ order: first.id })).state, 'paid')
  assert.equal(provider.charges(), 1)
})

test('An order that was paid at the old price while its terms change is settled at that, and charged no second time', async (t) => {
  const school = await aSellingSchool(t)
  const course = await aPricedCourse(school, 'Colour')
  await aCoupon(school)
  const lena = await school.person('Lena')
  const first = await buy(lena, course)
  school.provider.pay(first.checkoutUrl)
  const second = await buy(lena, course, { coupon: 'SPRING' })
  assert.deepEqual([second.id, second.state, second.price], [first.id, 'paid', EUR(4900)])
  assert.deepEqual([school.provider.pages().length, school.provider.charges()], [1, 1])
  assert.equal((await school.admin.client.offers.coupons({})).coupons[0]?.used, 0)
})

test('While the provider cannot be asked to close a page the order stays as it was, and says so', async (t) => {
  const school = await aSellingSchool(t)
  const course = await aPricedCourse(school, 'Colour')
  await aCoupon(school, { limit: 1 })
  const lena = await school.person('Lena')
  const first = await buy(lena, course)
  school.provider.is.down = true
  assert.equal(await refusalOf(buy(lena, course, { coupon: 'SPRING' })), 'payments-down')
  assert.equal((await school.admin.client.offers.coupons({})).coupons[0]?.used, 0)
  assert.deepEqual(await lena.client.payments.order({ order: first.id }), first)
  school.provider.is.down = false
  assert.equal((await buy(lena, course, { coupon: 'SPRING' })).price.amountMinor, 3920)
})

test('Two windows that order on different terms leave one page to pay on, whose price its buyer has seen', async (t) => {
  const school = await aSellingSchool(t)
  const course = await aPricedCourse(school, 'Colour')
  await aCoupon(school)
  const lena = await school.person('Lena')
  const tried = await Promise.allSettled([
    buy(lena, course),
    buy(lena, course, { coupon: 'SPRING' }),
    buy(lena, course),
    buy(lena, course, { coupon: 'SPRING' }),
  ])
  for (const [place, each] of tried.entries()) {
    if (each.status === 'fulfilled') assert.equal(each.value.price.amountMinor, place % 2 === 0 ? 4900 : 3920)
  }
  const { orders } = await lena.client.payments.mine({})
  assert.equal(orders.length, 1)
  const open = school.provider.pages().filter(({ checkout }) => checkout.status === 'open')
  assert.deepEqual([open.length, open[0]?.checkout.url, open[0]?.checkout.paid], [1, orders[0]?.checkoutUrl, orders[0]?.price])
})

test('A team of another size is the same order with another page', async (t) => {
  const school = await aSellingSchool(t)
  const course = await aPricedCourse(school, 'Colour')
  const lena = await school.person('Lena')
  const five = await buy(lena, course, { recipient: { kind: 'team', seats: 5 } })
  const six = await buy(lena, course, { recipient: { kind: 'team', seats: 6 } })
  assert.deepEqual([six.id, six.price], [five.id, EUR(29_400)])
  assert.equal(school.provider.pay(five.checkoutUrl), 'refused')
  assert.equal(school.provider.page(six.checkoutUrl).request.title, 'Colour (6 seats)')
})

test('A month and a year of a membership are one order, and nobody begins one that they have', async (t) => {
  const school = await aSellingSchool(t)
  const { id } = await aMembership(school, [await aPricedCourse(school, 'Colour')])
  const lena = await school.person('Lena')
  const monthly = await buy(lena, { kind: 'offer', offer: id, every: 'month' })
  const yearly = await buy(lena, { kind: 'offer', offer: id, every: 'year' })
  assert.deepEqual([yearly.id, yearly.price], [monthly.id, EUR(19_000)])
  assert.equal(school.provider.pay(monthly.checkoutUrl), 'refused')

  const at = school.clock.now().toISOString()
  const membership = {
    ...{ id: 'mem_00000001', learner: lena.id, email: lena.email, order: yearly.id, offer: id, title: 'Everything', kind: 'membership' as const },
    ...{ paidCount: 1, price: EUR(19_000), every: 'year' as const, isLive: false, subscription: 'sub_1', startedAt: at, paidUntil: at, readAt: at },
    ...{ invoices: [], facts: [] },
  }
  for (const state of ['trial', 'active', 'grace', 'lapsed', 'paused'] as const) {
    await school.world.tables.commit([membershipRecords.put({ ...membership, state })])
    assert.equal(await refusalOf(buy(lena, { kind: 'offer', offer: id, every: 'month' })), 'already-enrolled', state)
  }
  await school.world.tables.commit([membershipRecords.put({ ...membership, state: 'ended' })])
  assert.equal((await buy(lena, { kind: 'offer', offer: id, every: 'month' })).state, 'open')
})

test('A page opened anew for an order costs what was agreed, or its learner is told that the price has changed', async (t) => {
  const school = await aSellingSchool(t)
  const { provider, teacher } = school
  const course = await aPricedCourse(school, 'Colour')
  const lena = await school.person('Lena')
  const order = await buy(lena, course)
  provider.expire(order.checkoutUrl)
  await school.reconcile()
  const anew = await lena.client.payments.retry({ order: order.id })
  assert.deepEqual([anew.state, anew.price], ['open', EUR(4900)])
  provider.expire(anew.checkoutUrl)
  await school.reconcile()
  await teacher.client.courses.update({ course, price: EUR(5900) })
  await teacher.client.courses.publish({ course })
  assert.equal(await refusalOf(lena.client.payments.retry({ order: order.id })), 'price-changed')
  assert.equal((await buy(lena, course)).price.amountMinor, 5900)
})

test('A course is sold in each currency it has a price in, exactly, and in no other', async (t) => {
  const school = await aSellingSchool(t)
  const { teacher, visitor } = school
  const course = await aPricedCourse(school, 'Colour')
  const [usd, jpy, kwd] = [
    { amountMinor: 5435, currency: 'USD' },
    { amountMinor: 7800, currency: 'JPY' },
    { amountMinor: 16_250, currency: 'KWD' },
  ]
  await teacher.client.courses.update({ course, otherPrices: [usd, jpy, kwd] })
  await teacher.client.courses.publish({ course })
  const item = { kind: 'course', course } as const
  for (const price of [usd, jpy, kwd]) assert.deepEqual((await visitor.payments.quote({ item, currency: price.currency })).dueNow, price)
  const quoted = await visitor.payments.quote({ item })
  assert.deepEqual([quoted.dueNow, quoted.currencies], [EUR(4900), ['EUR', 'USD', 'JPY', 'KWD']])
  assert.equal(await refusalOf(visitor.payments.quote({ item, currency: 'GBP' })), 'not-for-sale')
  for (const otherPrices of [[EUR(4900)], [usd, usd], [{ amountMinor: 1235, currency: 'KWD' }], [{ ...usd, amountMinor: 0 }], [{ ...usd, currency: 'QQQ' }]]) {
    assert.equal(await refusalOf(teacher.client.courses.update({ course, otherPrices })), 'bad-input', JSON.stringify(otherPrices))
  }
  await teacher.client.courses.update({ course, price: EUR(0) })
  await teacher.client.courses.publish({ course })
  assert.equal(await refusalOf(visitor.payments.quote({ item, currency: 'USD' })), 'not-for-sale')
})
