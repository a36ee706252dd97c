import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fact } from '#contract/grants.ts'
import { endOfDay, fieldText, fromField } from './moments.ts'
import { momentAt, shareOf, spanOf } from './strip.ts'

const DAY_MS = 24 * 3600_000
const FIRST = Date.parse('2026-05-01T09:00:00.000Z')
const aFact = (day: number): Fact => ({ id: `fct_${day}`, kind: 'gifted', at: new Date(FIRST + day * DAY_MS).toISOString() })

test('the strip reaches from what happened first to what is still to come, with room at both ends', () => {
  const span = spanOf({ facts: [aFact(0), aFact(10)], periods: [{ from: aFact(0).at, to: aFact(100).at }] }, FIRST + 20 * DAY_MS)
  assert.equal(span.fromMs, FIRST - 6 * DAY_MS)
  assert.equal(span.toMs, FIRST + 106 * DAY_MS)
  assert.equal(shareOf(span, FIRST + 50 * DAY_MS), 0.5)
  assert.deepEqual([shareOf(span, 0), shareOf(span, FIRST * 2)], [0, 1])
})

test('somebody who has just come has a strip too', () => {
  const { fromMs, toMs } = spanOf({ facts: [aFact(0)], periods: [{ from: aFact(0).at }] }, FIRST)
  assert.equal(toMs - fromMs, 3600_000)
})

test('a moment close to what has happened is that very moment, to the millisecond', () => {
  const facts = [aFact(0), aFact(10)]
  const span = spanOf({ facts, periods: [] }, FIRST + 100 * DAY_MS)
  assert.equal(momentAt(span, FIRST + 10.5 * DAY_MS, facts), FIRST + 10 * DAY_MS)
  assert.equal(momentAt(span, FIRST + 5 * DAY_MS, facts), FIRST + 5 * DAY_MS)
})

test('a field of date and time says what it was given, to the minute, and nothing while it is half typed', () => {
  const at = '2026-05-03T09:30:00.000Z'
  assert.equal(fromField(fieldText(at)), at)
  assert.equal(fromField(''), undefined)
  assert.equal(fromField('yesterday'), undefined)
  assert.equal(fieldText(endOfDay('2026-05-03') ?? ''), '2026-05-03T23:59')
  assert.equal(endOfDay(''), undefined)
})
