import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { costOf, hourOfVideo, MONTHS, type Month, QUEUES, readPrices, reckon } from './bill.ts'
import { billPage } from './bill-page.ts'

const prices = readPrices()
const NEAR = 1e-9

test('what is free costs nothing, and what is beyond is paid tier by tier', () => {
  const price = {
    each: 10,
    unit: 'things',
    free: 100,
    usd: [
      [200, 1],
      [300, 0.5],
      [null, 0.1],
    ],
  } satisfies Parameters<typeof costOf>[1]
  for (const [quantity, usd] of [
    [0, 0],
    [100, 0],
    [110, 1],
    [200, 10],
    [250, 12.5],
    [300, 15],
    [400, 16],
  ] as const)
    assert.ok(Math.abs(costOf(quantity, price) - usd) < NEAR, `${quantity}: ${costOf(quantity, price)}`)
  // More is free than the first tier holds.
  assert.ok(Math.abs(costOf(350, { ...price, free: 250 }) - (2.5 + 0.5)) < NEAR)
})

const billOf = (of: Partial<Month>) => reckon({ name: 'A month', learners: 0, watchedHours: 0, storedHours: 0, newHours: 0, lessons: 0, ...of }, prices)
const lineOf = (bill: ReturnType<typeof billOf>, service: string): number => bill.lines.find((line) => line.service.startsWith(service))?.usd ?? Number.NaN

test('an idle school pays for being watched over and for keeping what it has, and for nobody', () => {
  const bill = billOf({ storedHours: 20 })
  for (const service of ['API Gateway', 'CloudFront', 'MediaConvert', 'Cognito', 'SES', 'Fargate']) assert.equal(lineOf(bill, service), 0)
  assert.ok(bill.usd > 5 && bill.usd < 25, String(bill.usd))
})

test('an owner’s hand reckons the same: a thousand hours watched, and one hour made', () => {
  // 1000 h at 1.8 Mb/s are 810 GB, which are free; 10,000 h are 8100 GB, of which 7076 are paid.
  assert.equal(lineOf(billOf({ watchedHours: 1000 }), 'CloudFront'), 0)
  const bytes = billOf({ watchedHours: 10_000 })
    .lines.flatMap(({ parts }) => parts)
    .find(({ what }) => what === 'edgeGb')
  assert.ok(Math.abs((bytes?.usd ?? 0) - (8100 - 1024) * 0.085) < 1e-6)
  // Two of four rungs are HD: 60 min × (2 × $0.015 + 2 × $0.0075 + $0.003).
  assert.ok(Math.abs(lineOf(billOf({ newHours: 1 }), 'MediaConvert') - 60 * 0.048) < 0.001, String(hourOfVideo().usd))
})

test('more of anything never costs less, and lines add up to the bill', () => {
  for (const name of ['learners', 'watchedHours', 'storedHours', 'newHours', 'lessons'] as const)
    for (const amount of [10, 1000, 100_000]) assert.ok(billOf({ [name]: amount * 2 }).usd >= billOf({ [name]: amount }).usd, name)
  for (const month of MONTHS) {
    const { lines, usd } = reckon(month, prices)
    assert.ok(Math.abs(lines.reduce((total, line) => total + line.usd, 0) - usd) < NEAR)
    assert.ok(lines.every((line) => Number.isFinite(line.usd) && line.usd >= 0))
  }
})

test('the page says of which day its prices are, to check them, and that nothing was deployed', () => {
  const page = billPage(prices)
  for (const words of [prices.date, 'check before you rely on it', 'has not been deployed', ...MONTHS.map(({ name }) => `## ${name}`)])
    assert.ok(page.includes(words), words)
  assert.ok(QUEUES >= 15 && QUEUES <= 30)
})

test('the way from an empty account names what an idle school costs as the bill does', async () => {
  const way = await readFile(new URL('../../docs/operations/aws.md', import.meta.url), 'utf8')
  const idle = MONTHS.find(({ name }) => name === 'Idle')
  assert.ok(idle)
  assert.equal(Number(/idle school, about \$(\d+) a month/.exec(way)?.[1]), Math.round(reckon(idle, prices).usd))
})
