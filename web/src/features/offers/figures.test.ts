import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CatalogueEntry } from '#contract/catalogue.ts'
import { apart, dearer, leading, otherCurrencies } from './figures.ts'

const course = (id: string, amountMinor: number, otherPrices: CatalogueEntry['otherPrices'] = []): CatalogueEntry => ({
  ...{ id, slug: id, title: id, summary: '', teacher: 'Tove', lessons: 1, durationSeconds: 0, publishedAt: '2026-05-04T09:00:00.000Z' },
  ...{ price: { amountMinor, currency: 'EUR' }, otherPrices },
})

test('A bundle tells what its courses cost apart only where each has a price in that currency', () => {
  const catalogue = [course('a', 4900, [{ amountMinor: 5400, currency: 'USD' }]), course('b', 3900), course('free', 0)]
  assert.deepEqual(apart([{ id: 'a' }, { id: 'b' }, { id: 'free' }], catalogue, 'EUR'), { amountMinor: 8800, currency: 'EUR' })
  assert.equal(apart([{ id: 'a' }, { id: 'b' }], catalogue, 'USD'), undefined)
  assert.equal(apart([{ id: 'a' }, { id: 'gone' }], catalogue, 'EUR'), undefined)
  assert.equal(apart([], catalogue, 'EUR'), undefined)
})

test('An offer dearer than its courses apart is told, by all its payments and in each currency', () => {
  const catalogue = [course('a', 4900, [{ amountMinor: 5400, currency: 'USD' }]), course('b', 3900, [{ amountMinor: 4200, currency: 'USD' }])]
  const courses = ['a', 'b'].map((id) => ({ id, slug: id, title: id }))
  const prices = (every: 'once' | 'month', ...amounts: [number, string][]) =>
    amounts.map(([amountMinor, currency]) => ({ every, price: { amountMinor, currency } }))
  const bundle = { terms: { kind: 'once' as const }, prices: prices('once', [8800, 'EUR'], [9700, 'USD'], [1, 'JPY']), courses }
  assert.deepEqual(dearer(bundle, catalogue), [{ whole: { amountMinor: 9700, currency: 'USD' }, apart: { amountMinor: 9600, currency: 'USD' } }])
  const plan = { terms: { kind: 'instalments' as const, count: 6 }, prices: prices('month', [1500, 'EUR']), courses }
  assert.deepEqual(dearer(plan, catalogue), [{ whole: { amountMinor: 9000, currency: 'EUR' }, apart: { amountMinor: 8800, currency: 'EUR' } }])
  assert.deepEqual(dearer({ ...plan, terms: { kind: 'membership', trialDays: 0 } }, catalogue), [])
})

test('The school’s currency leads where there is a price in it', () => {
  const prices = ['USD', 'EUR'].map((currency) => ({ every: 'month' as const, price: { amountMinor: 1900, currency } }))
  assert.equal(leading(prices, 'month', 'EUR')?.currency, 'EUR')
  assert.equal(leading(prices, 'month', 'GBP')?.currency, 'USD')
  assert.equal(leading(prices, 'year', 'EUR'), undefined)
  assert.deepEqual(otherCurrencies(prices, leading(prices, 'month', 'EUR')), ['USD'])
})
