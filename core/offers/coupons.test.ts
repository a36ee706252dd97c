import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buy } from '#test/buy.ts'
import { caseOf, refusalOf } from '#test/school.ts'
import { standingIndex } from '#test/standing-index.ts'
import { aBundle, aCoupon, aMembership, aPricedCourse, aSellingSchool, EUR, type Selling } from './selling.fixture.ts'

const uses = async ({ admin }: Selling): Promise<{ used: number; paid: number }[]> =>
  (await admin.client.offers.coupons({})).coupons.map(({ used, paid }) => ({ used, paid }))

test('Of two hundred people who race for fifty uses of a coupon exactly fifty get one, and each page that runs out gives one back', async (t) => {
  const school = await aSellingSchool(t)
  const course = await aPricedCourse(school, 'Colour')
  await aCoupon(school, { limit: 50 })
  const people = await Promise.all(Array.from({ length: 201 }, (_, place) => school.person(`Buyer${place}`)))
  const item = { kind: 'course' as const, course }
  const race = async (buyers: typeof people) => {
    const tried = await Promise.allSettled(
      buyers.map(async (buyer) => ({ buyer, order: await buyer.client.payments.checkout({ item, coupon: 'SPRING', shown: EUR(3920) }) })),
    )
    return tried.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  }
  const first = await race(people.slice(0, 200))
  assert.equal(first.length, 50)
  assert.ok(first.every(({ order }) => order.price.amountMinor === 3920 && order.coupon?.code === 'SPRING' && order.state === 'open'))
  assert.deepEqual(await uses(school), [{ used: 50, paid: 0 }])
  const [late] = people.slice(200)
  assert.ok(late)
  assert.equal(await caseOf(buy(late, course, { coupon: 'spring' })), 'used-up')

  for (const { order } of first.slice(0, 12)) school.provider.expire(order.checkoutUrl)
  for (const { order } of first.slice(12, 30)) school.provider.pay(order.checkoutUrl)
  await school.reconcile()
  assert.deepEqual(await uses(school), [{ used: 38, paid: 18 }])
  const others = people.filter((person) => !first.some(({ buyer }) => buyer === person)).slice(0, 40)
  assert.equal((await race(others)).length, 12)
  assert.deepEqual(await uses(school), [{ used: 50, paid: 18 }])
})

test('A coupon is used once by each person: not again after it is paid, nor for a second thing before', async (t) => {
  const school = await aSellingSchool(t)
  const [colour, light] = [await aPricedCourse(school, 'Colour'), await aPricedCourse(school, 'Light')]
  await aCoupon(school)
  const lena = await school.person('Lena')
  const order = await buy(lena, colour, { coupon: 'SPRING' })
  assert.equal(order.price.amountMinor, 3920)
  assert.equal(await caseOf(buy(lena, light, { coupon: 'SPRING' })), 'used')
  assert.equal((await buy(lena, colour, { coupon: 'SPRING' })).checkoutUrl, order.checkoutUrl)
  school.provider.pay(order.checkoutUrl)
  await school.reconcile()
  assert.equal(await caseOf(buy(lena, light, { coupon: 'SPRING' })), 'used')
  assert.deepEqual(await uses(school), [{ used: 1, paid: 1 }])
})

test('An order that drops its coupon gives it back and closes its page, and somebody else can use it', async (t) => {
  const school = await aSellingSchool(t)
  const course = await aPricedCourse(school, 'Colour')
  await aCoupon(school, { limit: 1 })
  await aCoupon(school, { code: 'SUMMER', off: { kind: 'amount', amount: EUR(1000) } })
  const [lena, omar] = [await school.person('Lena'), await school.person('Omar')]
  const first = await buy(lena, course, { coupon: 'SPRING' })
  assert.equal(await caseOf(buy(omar, course, { coupon: 'SPRING' })), 'used-up')
  const second = await buy(lena, course, { coupon: 'SUMMER' })
  assert.deepEqual([second.id, second.price.amountMinor], [first.id, 3900])
  assert.equal(school.provider.pay(first.checkoutUrl), 'refused')
  assert.equal((await buy(omar, course, { coupon: 'SPRING' })).price.amountMinor, 3920)
  const third = await buy(lena, course)
  assert.deepEqual([third.price.amountMinor, third.coupon], [4900, undefined])
  assert.deepEqual(await uses(school), [
    { used: 0, paid: 0 },
    { used: 1, paid: 0 },
  ])
})

test('Why a coupon is not taken is said', async (t) => {
  const school = await aSellingSchool(t)
  const [colour, light] = [await aPricedCourse(school, 'Colour'), await aPricedCourse(school, 'Light')]
  const until = '2026-05-05T09:00:00.000Z'
  await aCoupon(school, { code: 'LIGHT', items: [light] })
  await aCoupon(school, { code: 'DAY', until })
  await aCoupon(school, { code: 'STOPPED' })
  await aCoupon(school, { code: 'FIRST', isFirstTimeOnly: true })
  await aCoupon(school, { code: 'DOLLARS', off: { kind: 'amount', amount: { amountMinor: 500, currency: 'USD' } } })
  await aCoupon(school, { code: 'NEARLY', off: { kind: 'percent', percent: 99 } })
  await school.admin.client.offers.stopCoupon({ code: 'stopped' })
  const lena = await school.person('Lena')
  const because = (coupon: string) => caseOf(buy(lena, colour, { coupon }))
  assert.equal(await because('NONE'), 'unknown')
  assert.equal(await because('STOPPED'), 'over')
  assert.equal(await because('LIGHT'), 'not-for-this')
  assert.equal(await because('DOLLARS'), 'not-for-this')
  // Forty-nine cents are left, and the provider takes no less than fifty.
  assert.equal(await because('NEARLY'), 'not-for-this')
  const first = await buy(lena, light, { coupon: 'FIRST' })
  school.provider.pay(first.checkoutUrl)
  await school.reconcile()
  assert.equal(await because('FIRST'), 'used')
  const omar = await school.person('Omar')
  school.provider.pay((await buy(omar, light)).checkoutUrl)
  await school.reconcile()
  assert.equal(await caseOf(buy(omar, colour, { coupon: 'FIRST' })), 'not-first')
  assert.equal((await school.visitor.payments.quote({ item: { kind: 'course', course: colour }, coupon: 'day' })).dueNow.amountMinor, 3920)
  school.clock.pass(24 * 3600)
  assert.equal(await because('DAY'), 'over')
})

test('Who has bought a moment ago has bought before, though no index of orders says so yet', async (t) => {
  const school = await aSellingSchool(t)
  const [light, colour] = [await aPricedCourse(school, 'Light'), await aPricedCourse(school, 'Colour')]
  await aCoupon(school, { code: 'FIRST', isFirstTimeOnly: true })
  const omar = await school.person('Omar')
  const order = await buy(omar, light)
  school.world.tables = await standingIndex(school.world.tables, `orders-of#${omar.id}`)
  school.provider.pay(order.checkoutUrl)
  await school.reconcile()
  assert.equal(await caseOf(buy(omar, colour, { coupon: 'FIRST' })), 'not-first')
})

test('A coupon for all of it lets its holder in at once, and no provider is asked', async (t) => {
  const school = await aSellingSchool(t)
  const course = await aPricedCourse(school, 'Colour')
  await aCoupon(school, { off: { kind: 'percent', percent: 100 } })
  school.provider.is.down = true
  const lena = await school.person('Lena')
  const order = await buy(lena, course, { coupon: 'SPRING' })
  assert.deepEqual([order.state, order.price], ['paid', EUR(0)])
  await school.settle()
  assert.equal((await lena.client.learning.mine({})).enrolled.length, 1)
  assert.deepEqual([school.provider.asked, await uses(school)], [[], [{ used: 1, paid: 1 }]])
})

test('Of something recurring a coupon takes off the first payment only, and it is not for trials', async (t) => {
  const school = await aSellingSchool(t)
  const course = await aPricedCourse(school, 'Colour')
  const [membership, tried] = [await aMembership(school, [course]), await aMembership(school, [course], 14)]
  await aCoupon(school)
  const lena = await school.person('Lena')
  const item = { kind: 'offer', offer: membership.id, every: 'month' } as const
  const quoted = await lena.client.payments.quote({ item, coupon: 'SPRING' })
  assert.deepEqual([quoted.dueNow, quoted.later], [EUR(1520), EUR(1900)])
  const order = await buy(lena, item, { coupon: 'SPRING' })
  assert.deepEqual(school.provider.page(order.checkoutUrl).request.recurring, { every: 'month', trialDays: 0, firstOffMinor: 380 })
  assert.deepEqual(school.provider.page(order.checkoutUrl).request.price, EUR(1900))
  assert.equal(await caseOf(buy(lena, { ...item, offer: tried.id }, { coupon: 'SPRING' })), 'not-for-this')
})

test('A team’s coupon takes off the price of all seats together', async (t) => {
  const school = await aSellingSchool(t)
  const course = await aPricedCourse(school, 'Colour')
  await aCoupon(school, { off: { kind: 'percent', percent: 15 } })
  const quoted = await school.visitor.payments.quote({ item: { kind: 'course', course }, coupon: 'SPRING', recipient: { kind: 'team', seats: 7 } })
  assert.deepEqual([quoted.unit, quoted.coupon?.off, quoted.dueNow], [EUR(4900), EUR(5145), EUR(29_155)])
})

test('A coupon that is stopped, or runs out, while its page is open is honoured there and nowhere else', async (t) => {
  const school = await aSellingSchool(t)
  const course = await aPricedCourse(school, 'Colour')
  await aCoupon(school)
  const lena = await school.person('Lena')
  const order = await buy(lena, course, { coupon: 'SPRING' })
  await school.admin.client.offers.stopCoupon({ code: 'SPRING' })
  assert.equal((await lena.client.payments.retry({ order: order.id })).checkoutUrl, order.checkoutUrl)
  assert.equal(await caseOf(buy(lena, course, { coupon: 'SPRING' })), 'over')
  school.provider.expire(order.checkoutUrl)
  await school.reconcile()
  assert.equal(await caseOf(lena.client.payments.retry({ order: order.id })), 'over')
})

test('Coupons that could never be used, or are there already, are refused', async (t) => {
  const school = await aSellingSchool(t)
  const bundle = await aBundle(school, [await aPricedCourse(school, 'Colour')])
  const amount = (amountMinor: number, currency: string) => ({ off: { kind: 'amount' as const, amount: { amountMinor, currency } } })
  for (const of of [
    amount(0, 'EUR'),
    amount(1005, 'KWD'),
    amount(500, 'QQQ'),
    { until: '2026-05-04T09:00:00Z' },
    { items: ['crs_00000000'] },
    { code: 'a b' },
    { limit: 0 },
  ]) {
    assert.equal(await refusalOf(aCoupon(school, of)), 'bad-input', JSON.stringify(of))
  }
  await aCoupon(school, { code: 'spring', items: [bundle.id], ...amount(1010, 'KWD') })
  assert.equal(await refusalOf(aCoupon(school, { code: 'SPRING' })), 'conflict')
  assert.equal(await refusalOf(school.admin.client.offers.stopCoupon({ code: 'NONE' })), 'not-found')
  assert.equal(await refusalOf(school.teacher.client.offers.coupons({})), 'not-allowed')
})

test('A first purchase is one: two coupons for it do not open two orders, in one window or in two at once', async (t) => {
  const school = await aSellingSchool(t)
  const [colour, light] = [await aPricedCourse(school, 'Colour'), await aPricedCourse(school, 'Light')]
  for (const code of ['FIRST-A', 'FIRST-B']) await aCoupon(school, { code, isFirstTimeOnly: true })
  const [lena, omar] = [await school.person('Lena'), await school.person('Omar')]
  const order = await buy(lena, colour, { coupon: 'FIRST-A' })
  assert.equal(await caseOf(buy(lena, light, { coupon: 'FIRST-B' })), 'used')
  assert.equal((await buy(lena, colour, { coupon: 'FIRST-B' })).id, order.id, 'the same order may take the other one')
  assert.equal(await caseOf(buy(lena, light, { coupon: 'FIRST-A' })), 'used')
  assert.equal((await buy(lena, colour)).price.amountMinor, 4900)
  const other = await buy(lena, light, { coupon: 'FIRST-A' })
  school.provider.expire(other.checkoutUrl)
  await school.reconcile()
  assert.equal((await buy(lena, colour, { coupon: 'FIRST-B' })).state, 'open', 'a page that has run out gives it back')

  const at = (course: string, coupon: string) => omar.client.payments.checkout({ item: { kind: 'course', course }, coupon, shown: EUR(3920) })
  const tried = await Promise.allSettled([at(colour, 'FIRST-A'), at(light, 'FIRST-B')])
  assert.deepEqual(tried.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
})
