import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atMost, backOffMs } from './pauses.ts'

test('pauses double up to the longest, and are scattered over their upper half', () => {
  const bounds = { firstMs: 1_000, longestMs: 20_000 }
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 5_000].map((tries) => backOffMs(tries, 1, bounds)),
    [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000],
  )
  assert.equal(backOffMs(3, 0, bounds), 4_000)
})

test('nobody waits longer than they said, nor longer than they have to', async () => {
  await atMost(1, new Promise(() => undefined))
  await atMost(600_000, Promise.resolve())
  await assert.rejects(atMost(600_000, Promise.reject(new Error('It failed.'))), /It failed/)
})
