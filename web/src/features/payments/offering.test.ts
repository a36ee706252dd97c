import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CatalogueEntry } from '#contract/catalogue.ts'
import type { Offer } from '#contract/offers.ts'
import { inAll, oneByOne, pricesIn, trialEndOf, waysTo, yearlySaving } from './offering.ts'
import { publishedCourseQuote, publishedOfferQuote } from './published.ts'
import { shownIn } from './shown.ts'

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })
const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' })
const named = (id: string) => ({ id, slug: id, title: id })
const anOffer = (over: Partial<Offer>): Offer => ({
  ...{ id: 'off_1', title: 'All access', summary: '', terms: { kind: 'membership', trialDays: 0 }, courses: [named('a'), named('b')] },
  ...{
    prices: [
      { every: 'year', price: eur(15_000) },
      { every: 'month', price: eur(1500) },
      { every: 'month', price: usd(1700) },
    ],
    isOnSale: true,
  },
  ...{ updatedAt: '2026-01-01T00:00:00.000Z', ...over },
})
const aCourse = (id: string, over: Partial<CatalogueEntry>): CatalogueEntry => ({
  ...{ ...named(id), summary: '', teacher: 'Ada', price: eur(4900), otherPrices: [], lessons: 1, durationSeconds: 0, publishedAt: '', ...over },
})

test('a visitor is told what a year saves against twelve months, and nothing where it saves nothing or cannot be compared', () => {
  assert.deepEqual(yearlySaving(pricesIn(anOffer({}), 'EUR')), eur(3000))
  assert.equal(yearlySaving(pricesIn(anOffer({}), 'USD')), undefined)
  assert.equal(
    yearlySaving([
      { every: 'month', price: eur(1000) },
      { every: 'year', price: eur(12_000) },
    ]),
    undefined,
  )
  assert.equal(
    yearlySaving([
      { every: 'month', price: eur(1000) },
      { every: 'year', price: usd(1000) },
    ]),
    undefined,
  )
})

test('an offer that is not sold in the currency somebody chose is shown in the first it has, the month before the year', () => {
  assert.deepEqual(
    pricesIn(anOffer({}), 'JPY').map(({ every, price }) => [every, price.currency]),
    [
      ['month', 'EUR'],
      ['year', 'EUR'],
    ],
  )
  assert.deepEqual(
    pricesIn(anOffer({}), 'USD').map(({ every, price }) => [every, price.currency]),
    [['month', 'USD']],
  )
})

test('a bundle says what its courses cost one by one only where all of them are sold in its currency, for more', () => {
  const courses = [aCourse('a', {}), aCourse('b', { price: eur(3000) })]
  assert.deepEqual(oneByOne(anOffer({}), eur(5900), courses), eur(7900))
  assert.equal(oneByOne(anOffer({}), eur(7900), courses), undefined)
  assert.equal(oneByOne(anOffer({}), eur(5900), courses.slice(1)), undefined)
  assert.equal(oneByOne(anOffer({}), usd(5900), courses), undefined)
})

test('what else opens a course is told in one order, and nothing that is not on sale', () => {
  const offers = [
    anOffer({ id: 'bundle', terms: { kind: 'once' } }),
    anOffer({ id: 'member' }),
    anOffer({ id: 'parts', terms: { kind: 'instalments', count: 3 } }),
    anOffer({ id: 'gone', isOnSale: false }),
    anOffer({ id: 'other', courses: [named('c')] }),
  ]
  assert.deepEqual(
    waysTo(offers, 'a').map(({ id }) => id),
    ['parts', 'member', 'bundle'],
  )
})

test('prices as published: a trial begins with nothing, and another currency only where it is sold in that', () => {
  const trial = publishedOfferQuote(anOffer({ terms: { kind: 'membership', trialDays: 14 } }), 'month', 'USD')
  assert.deepEqual([trial?.dueNow, trial?.later, trial?.currencies], [usd(0), usd(1700), ['EUR', 'USD']])
  assert.equal(publishedOfferQuote(anOffer({}), 'once', 'EUR'), undefined)
  const course = aCourse('a', { otherPrices: [usd(5500)] })
  assert.deepEqual(publishedCourseQuote(course, 'USD').dueNow, usd(5500))
  assert.deepEqual(publishedCourseQuote(course, 'JPY').dueNow, eur(4900))
})

test('the price shown before signing up is read from the address, and nothing else that may stand there', () => {
  assert.deepEqual(shownIn('3920-EUR'), eur(3920))
  for (const text of ['1', '', '-5-EUR', '39.20-EUR', '3920-eur', '99999999999-EUR', undefined, ['3920-EUR']]) assert.equal(shownIn(text), undefined)
})

test('somebody who may pay in parts is told the sum of all of them, and nobody else is', () => {
  const parts = anOffer({ terms: { kind: 'instalments', count: 6 }, prices: [{ every: 'month', price: eur(1700) }] })
  assert.deepEqual(inAll(parts, 'EUR'), eur(10_200))
  assert.deepEqual(inAll(parts, 'USD'), eur(10_200), 'in the currency it is sold in')
  assert.equal(inAll(anOffer({}), 'EUR'), undefined)
})

test('an order that began with a free trial says until when it was free, once it has begun', () => {
  const order = { terms: { kind: 'membership', every: 'month', trialDays: 14 }, state: 'paid', paidAt: '2026-11-28T12:00:00.000Z' } as const
  assert.equal(trialEndOf(order)?.getDate(), 12)
  assert.equal(trialEndOf({ ...order, state: 'expired' }), undefined)
  assert.equal(trialEndOf({ ...order, terms: { ...order.terms, trialDays: 0 } }), undefined)
})
