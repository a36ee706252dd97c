import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cents, hoursMinutes, microUsdText, minutesText, parseLimit, usedPercent } from './figures.ts'

test('small sums are told apart, larger ones read as usual', () => {
  assert.equal(microUsdText(18_000, 'en'), '$0.018')
  assert.equal(microUsdText(400_000, 'en'), '$0.40')
  assert.equal(microUsdText(1_204_600, 'en'), '$1.20')
  assert.equal(microUsdText(0, 'en'), '$0.00')
})

test('a month’s encoding reads in hours and minutes, none of which is lost', () => {
  assert.equal(minutesText(210, 'en'), '3 hr 30 min')
  assert.equal(minutesText(1200, 'en'), '20 hr')
  assert.equal(minutesText(1, 'en'), '1 min')
  assert.equal(minutesText(0, 'en'), '0 min')
})

test('an empty limit is none, zero is one, and what is no amount is told', () => {
  assert.equal(parseLimit(' ', cents), 'none')
  assert.equal(parseLimit('0', cents), 0)
  assert.equal(parseLimit('12,5', cents), 1250)
  for (const typed of ['-1', 'ten', '1.234', '1e3']) assert.equal(parseLimit(typed, cents), 'wrong')
  for (const typed of ['-1', 'ten', '1:60', '1:2:3', ':30', '1e3']) assert.equal(parseLimit(typed, hoursMinutes), 'wrong')
})

test('hours can be typed with minutes or alone, and a limit reads as it is stored', () => {
  assert.equal(parseLimit(' 7:30 ', hoursMinutes), 450)
  assert.equal(parseLimit('7.5', hoursMinutes), 450)
  assert.equal(parseLimit('20', hoursMinutes), 1200)
  assert.equal(parseLimit('0.01', hoursMinutes), 1)
  for (const limit of [0, 1, 59, 60, 61, 119, 450, 6000]) assert.equal(parseLimit(hoursMinutes.write(limit), hoursMinutes), limit)
  for (const limit of [0, 1, 99, 1250, 2000, 1_999_999]) assert.equal(parseLimit(cents.write(limit), cents), limit)
})

test('a bar is full at its limit and never fuller; a limit of nothing is used up', () => {
  assert.equal(usedPercent(30, 60), 50)
  assert.equal(usedPercent(90, 60), 100)
  assert.equal(usedPercent(0, 0), 100)
  assert.equal(usedPercent(5, undefined), undefined)
})
