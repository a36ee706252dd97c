import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wholeNumber } from './whole-number.ts'

test('a whole number within its bounds is read, and nothing else is', () => {
  const bounds = { least: 50, most: 100 }
  for (const typed of ['50', ' 90 ', '100', '075']) assert.equal(wholeNumber(typed, bounds), Number(typed))
  for (const typed of ['', '49', '101', '90.5', '-90', '9e1', '0x5a', 'ninety', '90 %', '1000000000'])
    assert.equal(wholeNumber(typed, bounds), undefined, typed)
})
