import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aCheckout, anOrder, aPayment } from '#test/payments.ts'
import { apportioned, type StoredEntry } from './ledger.ts'
import { chargedAt, movements } from './movements.ts'

/** Numbers that look random and are the same each time. */
const chances = (seed: number) => (below: number) => {
  // A linear congruential generator, by Numerical Recipes.
  seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296
  return Math.floor((seed / 4_294_967_296) * below)
}

const sum = (parts: readonly { amountMinor: number }[]): number => parts.reduce((total, part) => total + part.amountMinor, 0)

test('An amount shared in proportion adds up, takes no more from a part than there is, and of all of it gives each part back exactly', () => {
  const chance = chances(7)
  for (let run = 0; run < 3000; run += 1) {
    const parts = Array.from({ length: 1 + chance(8) }, () => ({ amountMinor: chance(run % 3 === 0 ? 100_000_000 : 200) }))
    const whole = sum(parts)
    const amount = chance(whole + 1)
    const shared = apportioned(amount, parts)
    assert.equal(sum(shared), amount)
    if (whole > 0) assert.ok(shared.every((part, place) => part.amountMinor >= 0 && part.amountMinor <= (parts[place]?.amountMinor ?? 0)))
    if (whole > 0) assert.deepEqual(apportioned(whole, parts), parts)
  }
})

const COURSES = ['a', 'b', 'c'].map((id) => ({ id: `crs_${id}`, slug: id, title: id }))

test('However a payment is given back, bit by bit, each course gives back what it got and the tax goes with it', () => {
  const chance = chances(11)
  for (let run = 0; run < 300; run += 1) {
    const paid = { amountMinor: 100 + chance(10_000), currency: 'EUR' }
    const order = anOrder({ price: paid, courses: COURSES, state: 'paid', payment: 'pi_1' })
    const charge = chargedAt(order, aCheckout({ paid, taxMinor: chance(paid.amountMinor) }), { at: order.createdAt, isAssigned: true })
    assert.ok(charge)
    const entries: StoredEntry[] = [charge]
    let back = 0
    while (back < paid.amountMinor) {
      back = Math.min(paid.amountMinor, back + 1 + chance(paid.amountMinor))
      const told = aPayment({ paid, refunded: { ...paid, amountMinor: back } })
      const [entry, ...others] = movements(entries, charge, told, order.createdAt)
      assert.ok(entry && others.length === 0)
      assert.equal(entry.id, `pi_1.refunded.${back}`)
      assert.equal(sum(entry.shares), entry.amount.amountMinor)
      assert.ok(entry.shares.every(({ amountMinor }) => amountMinor >= 0))
      entries.push(entry)
      assert.deepEqual(movements(entries, charge, told, order.createdAt), [])
    }
    const refunds = entries.slice(1)
    for (const [place, share] of charge.shares.entries()) {
      assert.equal(sum(refunds.map(({ shares }) => ({ amountMinor: shares[place]?.amountMinor ?? 0 }))), share.amountMinor)
    }
    assert.equal(sum(refunds.map(({ tax }) => ({ amountMinor: tax?.amountMinor ?? 0 }))), charge.tax?.amountMinor ?? 0)
  }
})

test('A refund that fails comes back, and one that is made after it is another movement', () => {
  const order = anOrder({ state: 'paid', payment: 'pi_1' })
  const charge = chargedAt(order, aCheckout(), { at: order.createdAt, isAssigned: true })
  assert.ok(charge)
  const entries: StoredEntry[] = [charge]
  for (const amountMinor of [1000, 0, 1000, 1500, 500]) {
    entries.push(...movements(entries, charge, aPayment({ refunded: { amountMinor, currency: 'EUR' } }), order.createdAt))
  }
  assert.deepEqual(
    entries.map(({ id, amount }) => [id, amount.amountMinor]),
    [
      ['pi_1.charged', 4900],
      ['pi_1.refunded.1000', 1000],
      ['pi_1.refund-failed.1000', 1000],
      ['pi_1.refunded.2000', 1000],
      ['pi_1.refunded.2500', 500],
      ['pi_1.refund-failed.2000', 1000],
    ],
  )
})
