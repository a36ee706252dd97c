import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPricedCourse, aSellingSchool, EUR } from '#core/offers/selling.fixture.ts'
import type { Checkout } from '#ports/payments.ts'
import { buy } from '#test/buy.ts'

/** `booked`: money of the school's mode has come in, and stands in the ledger as bought nothing. */
const DIFFERENT: [what: string, of: Partial<Checkout>, booked: 0 | 1][] = [
  ['a smaller amount', { paid: EUR(4899) }, 1],
  ['a larger amount', { paid: EUR(4901) }, 1],
  ['two instead of one', { paid: EUR(9800) }, 1],
  ['nothing', { paid: EUR(0) }, 0],
  ['another currency', { paid: { amountMinor: 4900, currency: 'USD' } }, 1],
  ['another order', { order: 'ord_00000000' }, 1],
  ['no order', { order: undefined }, 1],
  ['the other mode', { isLive: true }, 0],
]

for (const [what, of, booked] of DIFFERENT) {
  test(`An order that was paid with ${what} is held: nobody is let in, and one alert says so`, async (t) => {
    const school = await aSellingSchool(t)
    const course = await aPricedCourse(school, 'Colour')
    const lena = await school.person('Lena')
    const order = await buy(lena, course)
    school.provider.pay(order.checkoutUrl, of)
    await school.reconcile()
    await school.reconcile()
    assert.equal((await lena.client.payments.order({ order: order.id })).state, 'held')
    assert.deepEqual([school.happened('enrolment.started'), school.happened('order.paid'), school.happened('money.moved')], [0, 0, booked])
    assert.deepEqual(
      school.told.map(({ subject }) => subject),
      [`Order ${order.id} is held`],
    )
    // Ordering again does not make a second page while somebody has to look at the first payment.
    assert.equal((await buy(lena, course)).state, 'held')
    assert.equal(school.provider.pages().length, 1)
  })
}

test('Whether the browser comes back before the news, after it or never, and in how many windows: one order, one charge', async (t) => {
  const school = await aSellingSchool(t)
  const { provider } = school
  const course = await aPricedCourse(school, 'Colour')
  for (const returns of ['before', 'after', 'never'] as const) {
    const lena = await school.person(`Lena-${returns}`)
    const tabs = await Promise.all([buy(lena, course), buy(lena, course), buy(lena, course)])
    assert.equal(new Set(tabs.map(({ checkoutUrl }) => checkoutUrl)).size, 1)
    const url = tabs[0]?.checkoutUrl
    assert.equal(provider.pay(url), 'paid')
    assert.equal(provider.pay(url), 'refused')
    const look = async () => (await lena.client.payments.order({ order: tabs[0]?.id ?? '' })).state
    if (returns === 'before') {
      school.clock.pass(15)
      assert.deepEqual(await Promise.all([look(), look(), look()]).then((states) => states.includes('paid')), true)
    }
    await school.reconcile()
    if (returns === 'after') assert.equal(await look(), 'paid')
    // The back button leads to the course page, whose button finds that it is theirs.
    await assert.rejects(buy(lena, course), { code: 'already-enrolled' })
    const { orders } = await lena.client.payments.mine({})
    assert.deepEqual([orders.length, orders[0]?.state], [1, 'paid'])
  }
  assert.deepEqual([provider.charges(), school.happened('order.paid'), school.happened('enrolment.started')], [3, 3, 3])
})
