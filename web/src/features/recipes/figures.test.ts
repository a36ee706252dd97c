import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hoursText, microUsdText, parseLimit, usedPercent } from './figures.ts'

test('small sums are told apart, larger ones read as usual', () => {
  assert.equal(microUsdText(18_000, 'en'), '$0.018')
  assert.equal(microUsdText(400_000, 'en'), '$0.40')
  assert.equal(microUsdText(1_204_600, 'en'), '$1.20')
  assert.equal(microUsdText(0, 'en'), '$0.00')
})

test('a month’s encoding reads in hours, and a little of it in minutes', () => {
  assert.equal(hoursText(12_600, 'en'), '3.5 hr')
  assert.equal(hoursText(661, 'en'), '12 min')
  assert.equal(hoursText(0, 'en'), '0 min')
})

test('an empty limit is none, zero is one, and what is no amount is told', () => {
  assert.equal(parseLimit(' '), 'none')
  assert.equal(parseLimit('0'), 0)
  assert.equal(parseLimit('12,5'), 12.5)
  for (const typed of ['-1', 'ten', '1.234', '1e3']) assert.equal(parseLimit(typed), 'wrong')
})

test('a bar is full at its limit and never fuller; a limit of nothing is used up', () => {
  assert.equal(usedPercent(30, 60), 50)
  assert.equal(usedPercent(90, 60), 100)
  assert.equal(usedPercent(0, 0), 100)
  assert.equal(usedPercent(5, undefined), undefined)
})
