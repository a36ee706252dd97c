import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Coupon } from '#contract/offers.ts'
import { couponProblems, couponWanted, emptyCoupon, randomCode, stateOf } from './coupon-draft.ts'

const TODAY = '2026-05-04'

describe('a coupon that an admin writes', () => {
  it('is sent without what was left open', () => {
    assert.deepEqual(couponWanted({ ...emptyCoupon('EUR'), code: ' spring-20 ' }, TODAY), {
      ...{ code: 'SPRING-20', off: { kind: 'percent', percent: 20 }, isFirstTimeOnly: false, items: [] },
    })
  })

  it('takes an amount exactly, a limit, and holds to the end of its last day', () => {
    const draft = { ...emptyCoupon('EUR'), code: 'TENNER', kind: 'amount' as const, amount: { currency: 'KWD', typed: '1.250' }, limit: '50', until: TODAY }
    const wanted = couponWanted(draft, TODAY)
    assert.deepEqual([wanted?.off, wanted?.limit], [{ kind: 'amount', amount: { amountMinor: 1250, currency: 'KWD' } }, 50])
    assert.equal(new Date(wanted?.until ?? 0).getTime() > new Date(`${TODAY}T23:59:59`).getTime(), true)
  })

  it('says what is wrong with it', () => {
    const draft = { ...emptyCoupon('EUR'), code: 'A B', percent: '120', limit: '1.5', until: '2026-05-03' }
    assert.deepEqual(couponProblems(draft, TODAY), ['code', 'off', 'limit', 'until'])
    assert.equal(couponWanted(draft, TODAY), undefined)
    assert.deepEqual(couponProblems({ ...emptyCoupon('EUR'), code: 'ABC', kind: 'amount', amount: { currency: 'EUR', typed: '1.005' } }, TODAY), ['off'])
  })

  it('can have a code that nobody guesses', () => {
    const code = randomCode(Uint8Array.from([0, 31, 32, 255, 100, 7, 8, 9]))
    assert.match(code, /^[A-HJ-NP-Z2-9]{8}$/)
  })
})

describe('where a coupon stands', () => {
  const coupon: Coupon = {
    ...{ code: 'SPRING', off: { kind: 'percent', percent: 20 }, isFirstTimeOnly: false, items: [], isActive: true, used: 3, paid: 1 },
    createdAt: '2026-05-01T09:00:00.000Z',
  }
  const now = new Date('2026-05-04T09:00:00Z')

  it('is told by what has ended it first', () => {
    assert.equal(stateOf(coupon, now), 'running')
    assert.equal(stateOf({ ...coupon, limit: 3 }, now), 'used-up')
    assert.equal(stateOf({ ...coupon, limit: 3, until: '2026-05-04T09:00:00Z' }, now), 'over')
    assert.equal(stateOf({ ...coupon, isActive: false, until: '2026-05-04T09:00:00Z' }, now), 'stopped')
  })
})
