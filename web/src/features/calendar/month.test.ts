import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayKey, firstWeekday, weeksOf } from './month.ts'

test('a month is shown in whole weeks, which begin where the reader’s do', () => {
  const may = weeksOf(new Date(2026, 4, 20), 1)
  assert.deepEqual([may.length, may[0]?.[0]?.key, may.at(-1)?.at(-1)?.key], [5, '2026-04-27', '2026-05-31'])
  const sunday = weeksOf(new Date(2026, 4, 20), 0)
  assert.deepEqual([sunday.length, sunday[0]?.[0]?.key, sunday.at(-1)?.at(-1)?.key], [6, '2026-04-26', '2026-06-06'])
  assert.equal(weeksOf(new Date(2027, 1, 1), 1).length, 4, 'February 2027 is four weeks and no day more')
  assert.deepEqual([firstWeekday('en-US'), firstWeekday('de')], [0, 1])
})

test('every day stands there once, also where clocks are changed', () => {
  for (let month = 0; month < 12; month += 1) {
    const keys = weeksOf(new Date(2026, month, 1), 1)
      .flat()
      .map(({ key }) => key)
    assert.equal(new Set(keys).size, keys.length)
    assert.ok(keys.includes(dayKey(new Date(2026, month, 1))))
  }
})
