import assert from 'node:assert/strict'
import { test } from 'node:test'
import { currenciesOf, REST, type RevenueRow, revenueOf, ticksOf } from './revenue.ts'

const row = (of: string, grossMinor: number, more: Partial<RevenueRow> = {}): RevenueRow => ({
  ...{ month: '2026-05', of, title: of, currency: 'EUR', grossMinor, backMinor: 0, bankMinor: 0, taxMinor: 0 },
  ...more,
})
const MONTHS = ['2026-04', '2026-05']
const EUR = { currency: 'EUR', restTitle: 'The rest' }

test('A month without sales stands in the chart as nought, and everything is stacked in one order', () => {
  const { months, sold } = revenueOf(MONTHS, [row('b', 100), row('a', 300), row('b', 50, { month: '2026-04' })], EUR)
  assert.deepEqual(
    sold.map(({ of, grossMinor }) => [of, grossMinor]),
    [
      ['a', 300],
      ['b', 150],
    ],
  )
  assert.deepEqual(
    months.map(({ grossMinor, parts }) => [grossMinor, ...parts.map((part) => part.grossMinor)]),
    [
      [50, 0, 50],
      [400, 300, 100],
    ],
  )
})

test('Of many things the largest are told apart, the rest is one, and nothing is lost', () => {
  const rows = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((of, place) => row(of, 100 - place))
  const { sold, months } = revenueOf(MONTHS, rows, EUR)
  assert.deepEqual([sold.length, sold.at(-1)?.of, sold.at(-1)?.title], [5, REST, 'The rest'])
  const all = rows.reduce((total, { grossMinor }) => total + grossMinor, 0)
  assert.equal(months[1]?.grossMinor, all)
  assert.equal(
    months[1]?.parts.reduce((total, { grossMinor }) => total + grossMinor, 0),
    all,
  )
})

test('Another currency is another chart', () => {
  const rows = [row('a', 100), row('b', 100), row('a', 4900, { currency: 'JPY' })]
  assert.deepEqual(currenciesOf(rows), ['EUR', 'JPY'])
  assert.equal(revenueOf(MONTHS, rows, { ...EUR, currency: 'JPY' }).months[1]?.grossMinor, 4900)
})

test('The axis has few and round amounts, reaches over what is drawn, and below nought where more went back', () => {
  assert.deepEqual(ticksOf(0, 129_000, 'EUR'), [0, 50_000, 100_000, 150_000])
  assert.deepEqual(ticksOf(0, 0, 'EUR'), [0, 50])
  assert.deepEqual(ticksOf(-4900, 12_000, 'EUR'), [-10_000, 0, 10_000, 20_000])
  assert.deepEqual(ticksOf(0, 3, 'JPY'), [0, 1, 2, 3])
  for (const most of [1, 99, 101, 4999, 1e6, 99_999_999]) {
    const ticks = ticksOf(-most / 7, most, 'EUR')
    assert.ok(ticks.length <= 6 && (ticks.at(-1) ?? 0) >= most && (ticks[0] ?? 0) <= -most / 7 && ticks.includes(0), String(ticks))
  }
})
