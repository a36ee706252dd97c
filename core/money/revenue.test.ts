import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredEntry } from '#core/payments/ledger.ts'
import { monthsUntil, rowsOf } from './revenue.ts'

const SHARES = [
  { of: 'crs_a', title: 'Colour', amountMinor: 34 },
  { of: 'crs_b', title: 'Light', amountMinor: 33 },
  { of: 'crs_c', title: 'Shade', amountMinor: 33 },
]
const anEntry = (of: Partial<StoredEntry> = {}): StoredEntry => ({
  ...{ id: 'pi_1.charged', kind: 'charged', order: 'ord_1', learner: 'prs_1', amount: { amountMinor: 100, currency: 'EUR' }, shares: SHARES },
  at: '2026-05-04T09:00:00.000Z',
  ...of,
})

test('Months are counted by UTC, across the turn of a year, and from the last day of a long month', () => {
  assert.deepEqual(monthsUntil(new Date('2026-01-31T23:59:59Z'), 3), ['2025-11', '2025-12', '2026-01'])
  assert.deepEqual(monthsUntil(new Date('2028-02-29T00:00:00Z'), 2), ['2028-01', '2028-02'])
})

test('The tax in a payment is shared as the payment is, and no unit of it is lost', () => {
  const rows = rowsOf('2026-05', [anEntry({ tax: { amountMinor: 16, currency: 'EUR' } })])
  assert.deepEqual(
    rows.map(({ grossMinor, taxMinor }) => [grossMinor, taxMinor]),
    [
      [34, 5],
      [33, 5],
      [33, 6],
    ],
  )
})

test('What goes back takes its tax along, and a won dispute brings both again', () => {
  const all = { tax: { amountMinor: 16, currency: 'EUR' } }
  const kinds = ['charged', 'disputed', 'dispute-won', 'refunded'] as const
  const [row] = rowsOf(
    '2026-05',
    kinds.map((kind) => anEntry({ ...all, kind })),
  )
  assert.deepEqual([row?.grossMinor, row?.backMinor, row?.taxMinor], [34, 34, 0])
})

test('Amounts of two currencies are two rows, never one sum', () => {
  const yen = anEntry({ amount: { amountMinor: 100, currency: 'JPY' } })
  const rows = rowsOf('2026-05', [anEntry(), yen])
  assert.deepEqual(
    rows.map(({ of, currency, grossMinor }) => `${of} ${grossMinor} ${currency}`),
    ['crs_a 34 EUR', 'crs_b 33 EUR', 'crs_c 33 EUR', 'crs_a 34 JPY', 'crs_b 33 JPY', 'crs_c 33 JPY'],
  )
})
