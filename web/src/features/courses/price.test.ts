import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isWrongPrice, parsePrice, parsePrices, typedPrice, typedPrices } from './price.ts'

const minor = (typed: string, currency: string): number | undefined => parsePrice(typed, currency)?.amountMinor

describe('a price that a teacher types', () => {
  it('is taken exactly, with a point or a comma', () => {
    assert.deepEqual(parsePrice('19.99', 'EUR'), { amountMinor: 1999, currency: 'EUR' })
    assert.equal(minor('0,50', 'EUR'), 50)
    assert.equal(minor(' 49 ', 'USD'), 4900)
    assert.equal(minor('4.5', 'USD'), 450)
    assert.equal(minor('0', 'USD'), 0)
  })

  it('is never off by one, whatever floats would make of it', () => {
    for (let cents = 0; cents < 3_000; cents += 1) assert.equal(minor(typedPrice({ amountMinor: cents, currency: 'EUR' }), 'EUR'), cents)
    assert.equal(minor('1.15', 'EUR'), 115)
    assert.equal(minor('8.95', 'EUR'), 895)
  })

  it('follows the minor unit of its currency', () => {
    assert.equal(minor('500', 'JPY'), 500)
    assert.equal(minor('500.5', 'JPY'), undefined)
    assert.equal(minor('1.250', 'KWD'), 1250)
    assert.equal(minor('0,005', 'KWD'), 5)
    assert.equal(minor('1.2505', 'KWD'), undefined)
    // By ISO 4217, whatever the browser would write: a school that asks 4,900 forints is paid 4,900, not 49.
    assert.equal(minor('4900', 'HUF'), 490_000)
    assert.equal(minor('250', 'ISK'), 250)
    assert.equal(minor('1.250', 'IQD'), 1250)
  })

  it('is refused when it cannot be meant', () => {
    for (const typed of ['1.005', '', ' ', '-1', '1e3', '1,000.00', '1.', '.5', '12 €', 'free', '1 000', '٣'])
      assert.equal(minor(typed, 'EUR'), undefined, typed)
    assert.equal(minor('1000000', 'EUR'), 100_000_000)
    assert.equal(minor('1000000.01', 'EUR'), undefined)
  })

  it('is shown again as it was typed', () => {
    assert.equal(typedPrice({ amountMinor: 5, currency: 'EUR' }), '0.05')
    assert.equal(typedPrice({ amountMinor: 1999, currency: 'EUR' }), '19.99')
    assert.equal(typedPrice({ amountMinor: 500, currency: 'JPY' }), '500')
    assert.equal(typedPrice({ amountMinor: 1250, currency: 'KWD' }), '1.250')
  })

  it('is one in each of several currencies, or none while one of them is wrong', () => {
    const prices = [
      { amountMinor: 435, currency: 'USD' },
      { amountMinor: 7800, currency: 'JPY' },
      { amountMinor: 16_250, currency: 'KWD' },
    ]
    assert.deepEqual(parsePrices(typedPrices(prices)), prices)
    assert.deepEqual(parsePrices([]), [])
    for (const typed of ['', '0', '78.5']) {
      assert.equal(parsePrices([...typedPrices(prices), { currency: 'JPY', typed }]), undefined)
      assert.equal(isWrongPrice({ currency: 'JPY', typed }), true)
    }
  })
})
