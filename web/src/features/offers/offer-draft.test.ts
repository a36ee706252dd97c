import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Offer } from '#contract/offers.ts'
import { draftOf, emptyDraft, problemsOf, shownPrices, wantedOf } from './offer-draft.ts'

const MEMBERSHIP: Offer = {
  ...{ id: 'off_00000001', title: 'Everything', summary: 'All courses.', terms: { kind: 'membership', trialDays: 14 }, isOnSale: true },
  courses: [{ id: 'crs_00000001', slug: 'colour', title: 'Colour' }],
  prices: [
    { every: 'month', price: { amountMinor: 1900, currency: 'EUR' } },
    { every: 'month', price: { amountMinor: 3000, currency: 'JPY' } },
    { every: 'year', price: { amountMinor: 19_000, currency: 'EUR' } },
  ],
  updatedAt: '2026-05-04T09:00:00.000Z',
}

describe('an offer that an admin writes', () => {
  it('is saved as it was loaded when nothing was changed', () => {
    const { id: _, updatedAt: __, ...rest } = MEMBERSHIP
    assert.deepEqual(wantedOf(draftOf(MEMBERSHIP, 'EUR')), { ...rest, courses: ['crs_00000001'] })
  })

  it('says what it lacks', () => {
    assert.deepEqual(problemsOf(emptyDraft('EUR')), ['title', 'prices', 'courses'])
    const draft = { ...emptyDraft('EUR'), title: ' Both ', courses: ['crs_00000001'] }
    assert.equal(wantedOf(draft), undefined)
    const whole = { ...draft, prices: { ...draft.prices, once: [{ currency: 'EUR', typed: '99' }] } }
    assert.deepEqual(problemsOf(whole), [])
    assert.deepEqual(wantedOf(whole)?.prices, [{ every: 'once', price: { amountMinor: 9900, currency: 'EUR' } }])
    assert.equal(wantedOf(whole)?.title, 'Both')
  })

  it('is not saved while one of its prices is none, and shows the others meanwhile', () => {
    const draft = draftOf(MEMBERSHIP, 'EUR')
    const wrong = { ...draft, prices: { ...draft.prices, year: [{ currency: 'EUR', typed: '190.005' }] } }
    assert.deepEqual([wantedOf(wrong), problemsOf(wrong)], [undefined, ['prices']])
    assert.equal(shownPrices(wrong).length, 2)
  })

  it('is not saved while a currency that was added has no price', () => {
    const draft = { ...emptyDraft('EUR'), title: 'Both', courses: ['crs_00000001'] }
    const rows = [
      { currency: 'EUR', typed: '99' },
      { currency: 'USD', typed: ' ' },
    ]
    const added = { ...draft, prices: { ...draft.prices, once: rows } }
    assert.deepEqual([wantedOf(added), problemsOf(added), shownPrices(added).length], [undefined, ['prices'], 1])
  })

  it('may have no yearly price, and keeps none of another kind', () => {
    const draft = draftOf(MEMBERSHIP, 'EUR')
    const monthly = { ...draft, prices: { ...draft.prices, year: [{ currency: 'EUR', typed: '' }] } }
    assert.equal(wantedOf(monthly)?.prices.length, 2)
    assert.deepEqual(wantedOf({ ...draft, kind: 'instalments', count: 3 })?.terms, { kind: 'instalments', count: 3 })
    assert.equal(wantedOf({ ...draft, kind: 'once' }), undefined)
  })
})
