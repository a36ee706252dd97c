import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isChargeable } from '#vendors/stripe/currency.ts'
import { isWholeSteps, offOf, stepOf } from './prices.ts'

const provider = { canCharge: isChargeable }

const share = (percent: number, amountMinor: number, currency: string): number | undefined =>
  offOf(provider, { kind: 'percent', percent }, { amountMinor, currency })?.amountMinor

test('The smallest step is the currency’s own, wherever in its range the price lies', () => {
  for (const [amountMinor, currency, step] of [
    [50, 'EUR', 1],
    [99_999_999, 'EUR', 1],
    [500, 'JPY', 1],
    [1230, 'KWD', 10],
    [99_999_990, 'KWD', 10],
    [500, 'MGA', 100],
    [700, 'ISK', 1],
  ] as const) {
    assert.equal(stepOf(provider, { amountMinor, currency }), step, `${amountMinor} ${currency}`)
  }
})

test('A share is rounded half up, in the buyer’s favour, to what can be charged', () => {
  assert.equal(share(50, 201, 'EUR'), 101)
  assert.equal(share(50, 20_100_005, 'EUR'), 10_050_003)
  assert.equal(share(15, 1999, 'EUR'), 300)
  assert.equal(share(10, 1005, 'EUR'), 101)
  assert.equal(share(10, 1004, 'EUR'), 100)
  assert.equal(share(33, 435, 'EUR'), 144)
  assert.equal(share(15, 505, 'JPY'), 76)
  // 15 % of 1.230 dinars are 0.1845, and the last digit must be nought.
  assert.equal(share(15, 1230, 'KWD'), 180)
  assert.equal(share(50, 1010, 'KWD'), 510)
  assert.equal(share(100, 1999, 'EUR'), 1999)
})

test('Whatever the price and the share, what is left is a whole number that lies between nought and the price', () => {
  const prices = fc.record({ amountMinor: fc.integer({ min: 5, max: 999_999 }), currency: fc.constantFrom('EUR', 'JPY', 'KWD', 'MGA') })
  fc.assert(
    fc.property(prices, fc.integer({ min: 1, max: 100 }), ({ amountMinor, currency }, percent) => {
      const price = { amountMinor: amountMinor * 100, currency }
      const step = stepOf(provider, price)
      const off = share(percent, price.amountMinor, currency) ?? -1
      assert.ok(Number.isSafeInteger(off) && off >= 0 && off <= price.amountMinor && off % step === 0)
      // By integers of any size: no more than half a step from the exact share.
      const distance = BigInt(off) * 100n - BigInt(price.amountMinor) * BigInt(percent)
      assert.ok(2n * (distance < 0n ? -distance : distance) <= BigInt(step) * 100n)
    }),
    { seed: 4700, numRuns: 2000 },
  )
})

test('An amount takes off no more than there is, and nothing in another currency', () => {
  const off = { kind: 'amount', amount: { amountMinor: 1000, currency: 'EUR' } } as const
  assert.deepEqual(offOf(provider, off, { amountMinor: 4900, currency: 'EUR' }), { amountMinor: 1000, currency: 'EUR' })
  assert.deepEqual(offOf(provider, off, { amountMinor: 700, currency: 'EUR' }), { amountMinor: 700, currency: 'EUR' })
  assert.equal(offOf(provider, off, { amountMinor: 4900, currency: 'USD' }), undefined)
  assert.equal(isWholeSteps(provider, { amountMinor: 1005, currency: 'KWD' }), false)
  assert.equal(isWholeSteps(provider, { amountMinor: 1010, currency: 'KWD' }), true)
})
