import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asSpeed, SPEEDS, speedBeside } from './speeds.ts'

test('a key goes from one speed of the menu to the next, and no further than its ends', () => {
  assert.equal(speedBeside(1, 1), 1.25)
  assert.equal(speedBeside(1, -1), 0.75)
  assert.equal(speedBeside(1.1, 1), 1.25)
  assert.equal(speedBeside(1.1, -1), 1)
  assert.equal(speedBeside(3, 1), 3)
  assert.equal(speedBeside(0.5, -1), 0.5)
  assert.deepEqual([SPEEDS.at(0), SPEEDS.at(-1)], [0.5, 3])
})

test('a browser that has kept nonsense plays as usual', () => {
  for (const kept of [undefined, null, 'fast', 0, -1, 16, Number.NaN]) assert.equal(asSpeed(kept), 1)
  assert.equal(asSpeed(1.75), 1.75)
})
