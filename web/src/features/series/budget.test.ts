import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  aboutText,
  costOf,
  dollarsTyped,
  lessonsInMonth,
  lessonTokens,
  microsOf,
  microsText,
  spentPercent,
  tokensOf,
  tokensText,
  USUAL_BUDGET,
} from './budget.ts'
import { aBrief } from './series.fixture.ts'

test('dollars are read as people type them, and written back the same', () => {
  assert.deepEqual(
    ['5', '0.5', '0,50', ' 12.3456 ', '0'].map((typed) => microsOf(typed)),
    [5_000_000, 500_000, 500_000, 12_345_600, 0],
  )
  for (const typed of ['', '-1', '1e3', '1.23456', '$5', '1 000']) assert.equal(microsOf(typed), undefined, typed)
  for (const shown of ['5', '0.50', '0.0125', '12.34', '100']) assert.equal(dollarsTyped(microsOf(shown) ?? 0), shown)
})

test('tokens may have marks between thousands', () => {
  for (const typed of ['600000', '600,000', '600.000', '600 000', '600’000']) assert.equal(tokensOf(typed), 600_000)
  assert.equal(tokensOf('many'), undefined)
})

test('a guess is told in round numbers', () => {
  assert.deepEqual(
    [5171, 940, 23_456].map((tokens) => aboutText(tokens, 'en')),
    ['5,000', '900', '23,000'],
  )
})

test('small sums keep the digits that tell them apart', () => {
  assert.deepEqual(
    [0, 4200, 23_000, 500_000, 12_000_000].map((micros) => microsText(micros, 'en')),
    ['$0.00', '$0.0042', '$0.023', '$0.50', '$12.00'],
  )
  assert.deepEqual(
    [950, 23_400].map((tokens) => tokensText(tokens, 'en')),
    ['950', '23.4K'],
  )
})

test('what a lesson costs grows with its length, its questions and its example', () => {
  const prices = { inputMicros: 150_000, outputMicros: 600_000 }
  const cost = (of: Parameters<typeof aBrief>[0]) => costOf(lessonTokens(aBrief(of)), prices)
  assert.ok(cost({ minutes: 12 }) > cost({ minutes: 6 }))
  assert.ok(cost({ questions: 8 }) > cost({ questions: 0 }))
  assert.ok(cost({ examples: 'a'.repeat(8000) }) > cost({ examples: '' }))
  assert.equal(costOf({ input: 1_000_000, output: 2_000_000 }, prices), 1_350_000)
})

test('the usual budget has room for the longest lesson there is, and a month of it for many', () => {
  const longest = lessonTokens(aBrief({ minutes: 30, questions: 10, examples: 'a'.repeat(8000) }))
  assert.ok(longest.input + longest.output < USUAL_BUDGET.runTokens)
  assert.ok(lessonsInMonth(longest, { inputMicros: 3_000_000, outputMicros: 15_000_000 }, USUAL_BUDGET) >= 8)
})

test('a month is as full as the nearer of its two bounds', () => {
  const budget = { ...USUAL_BUDGET, monthTokens: 1000, monthMicros: 1_000_000 }
  assert.equal(spentPercent({ tokens: 500, micros: 100_000 }, budget), 50)
  assert.equal(spentPercent({ tokens: 100, micros: 900_000 }, budget), 90)
  assert.equal(spentPercent({ tokens: 5000, micros: 0 }, budget), 100)
  assert.equal(lessonsInMonth({ input: 50, output: 50 }, { inputMicros: 1e9, outputMicros: 1e9 }, budget), 10)
  assert.equal(lessonsInMonth({ input: 50, output: 50 }, undefined, { ...budget, monthMicros: 1 }), 10)
})
