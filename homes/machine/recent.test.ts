import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recent } from './recent.ts'

test('what was used least lately goes first, whether it was read or written', () => {
  const kept = recent<number>(3)
  kept.set('a', 1)
  kept.set('b', 2)
  kept.set('c', 3)
  assert.equal(kept.get('a'), 1)
  kept.set('b', 20)
  kept.set('d', 4)
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((key) => kept.get(key)),
    [1, 20, undefined, 4],
  )
})

test('what is forgotten is gone and leaves its room to others', () => {
  const kept = recent<number>(2)
  kept.set('a', 1)
  kept.set('b', 2)
  assert.equal(kept.forget('b'), 2)
  assert.equal(kept.forget('b'), undefined)
  kept.set('c', 3)
  assert.deepEqual([kept.get('a'), kept.get('b'), kept.get('c')], [1, undefined, 3])
})

test('where size counts, so much goes as is needed, and something too large for all of it does not stay', () => {
  const kept = recent<{ bytes: number }>(10, ({ bytes }) => bytes)
  kept.set('a', { bytes: 4 })
  kept.set('b', { bytes: 4 })
  kept.set('b', { bytes: 6 })
  assert.deepEqual([kept.get('a')?.bytes, kept.get('b')?.bytes], [4, 6], 'what is written again counts once')
  kept.set('c', { bytes: 5 })
  assert.deepEqual([kept.get('a'), kept.get('b'), kept.get('c')?.bytes], [undefined, undefined, 5])
  kept.set('d', { bytes: 11 })
  assert.deepEqual([kept.get('c'), kept.get('d')], [undefined, undefined])
  kept.set('e', { bytes: 10 })
  assert.equal(kept.get('e')?.bytes, 10)
})
