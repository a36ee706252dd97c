import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leftText } from './session-words.ts'

test('what is left is said in its two largest units', () => {
  const left = (seconds: number): string => leftText(seconds * 1000, 'en')
  assert.equal(left(2 * 86_400 + 3 * 3600 + 50), '2 days 3 hours')
  assert.equal(left(86_400 + 59), '1 day')
  assert.equal(left(125), '2 minutes 5 seconds')
  assert.equal(left(60), '1 minute')
  assert.equal(left(-5), '0 seconds')
})
