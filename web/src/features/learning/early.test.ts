import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAtEdge, isMade } from './early.ts'

test('a moment can be watched when it lies in what is made, the beginning always', () => {
  assert.equal(isMade(10, 24), true)
  assert.equal(isMade(23.5, 24), false)
  assert.equal(isMade(300, 24), false)
  assert.equal(isMade(0, 0.5), true)
})

test('running up to the end of what is made is told from the end of the video', () => {
  assert.equal(isAtEdge({ seconds: 23.9, madeSeconds: 24, durationSeconds: 600 }), true)
  assert.equal(isAtEdge({ seconds: 12, madeSeconds: 24, durationSeconds: 600 }), false)
  assert.equal(isAtEdge({ seconds: 599.9, madeSeconds: 600, durationSeconds: 600.2 }), false)
})
