import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buy } from '#test/buy.ts'
import { refusalOf } from '#test/school.ts'
import { aSale, aTill } from '#test/till.ts'

/** Of each: what is charged, in the provider's own units; undefined is refused when it is priced. */
const CASES: [what: string, currency: string, amountMinor: number, charged: number | undefined][] = [
  ['19.99 €, which as a float times a hundred is 1998.9999999999998', 'EUR', 1999, 1999],
  ['4.35 $', 'USD', 435, 435],
  ['0.29 €, less than the provider takes', 'EUR', 29, undefined],
  ['1.005 €, which has no such minor unit', 'EUR', 100.5, undefined],
  ['1,000,000.01 €, one cent more than any price may be', 'EUR', 100_000_001, undefined],
  ['more cents than a number counts one by one', 'EUR', 2 ** 53, undefined],
  ['less than nothing', 'EUR', -1, undefined],
  ['500 yen, without decimals', 'JPY', 500, 500],
  ['12,000 won, without decimals', 'KRW', 12_000, 12_000],
  ['1.230 Kuwaiti dinars, with three', 'KWD', 1230, 1230],
  ['1.005 Kuwaiti dinars, whose last digit the provider cannot charge', 'KWD', 1005, undefined],
  ['500 krónur, without decimals and sent with two', 'ISK', 500, 50_000],
  ['3,000 Ugandan shillings, the same', 'UGX', 3000, 300_000],
  ['500 ariary, with decimals and sent without', 'MGA', 50_000, 500],
]

for (const [what, currency, amountMinor, charged] of CASES) {
  test(`${what}: ${charged === undefined ? 'refused' : 'shown, charged and booked exactly'}`, async (t) => {
    const till = await aTill(t)
    till.world.settings.currency = currency
    const { teacher, course, learner } = await aSale(till, { amountMinor: 50_000, currency })
    const priced = async (): Promise<void> => {
      await teacher.client.courses.update({ course, price: { amountMinor, currency } })
      await teacher.client.courses.publish({ course })
    }
    if (charged === undefined) return assert.equal(await refusalOf(priced()), 'bad-input')
    await priced()
    const order = await buy(learner, course)
    assert.deepEqual(order.price, { amountMinor, currency })
    await till.pay(order.checkoutUrl)
    const { data } = await till.event('checkout.session.completed')
    assert.deepEqual([data.object['amount_total'], data.object['currency']], [charged, currency.toLowerCase()])
    await till.tell(await till.event('checkout.session.completed'))
    await till.settle()
    const paid = await learner.client.payments.order({ order: order.id })
    assert.deepEqual([paid.state, paid.price], ['paid', { amountMinor, currency }])
    const entry = till.database.prepare("SELECT body FROM items WHERE pk = ? AND substr(sk, 1, 6) = 'entry#'").get(`order#${order.id}`)
    assert.deepEqual(JSON.parse(String(entry?.['body'])).amount, { amountMinor, currency })
  })
}
