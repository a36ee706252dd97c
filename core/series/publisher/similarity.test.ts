import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fingerprint, similarity } from './similarity.ts'

const words = (from: number, count: number): string => Array.from({ length: count }, (_, at) => `word${from + at}`).join(' ')
const alike = (one: string, other: string): number => similarity(fingerprint(one), fingerprint(other))

test('A text is all the same as itself, also in other capitals, with other marks and laid out anew', () => {
  assert.equal(alike(words(0, 300), words(0, 300)), 1)
  assert.equal(alike('## The Quick **brown** fox\n\njumps over — the lazy dog.', 'the quick brown fox jumps over the LAZY dog'), 1)
})

test('Texts that have no run of five words in common are not the same at all', () => {
  assert.equal(alike(words(0, 300), words(1000, 300)), 0)
  assert.equal(alike('one two three four five', 'five four three two one'), 0)
})

test('A text of which a part was taken over is the same in about that part', () => {
  // 600 of 800 runs are in both, of 1,000 in either: 0.6.
  const half = alike(words(0, 804), `${words(0, 604)} ${words(5000, 396)}`)
  assert.ok(half > 0.4 && half < 0.8, `${half}`)
  assert.ok(alike(words(0, 1000), `${words(0, 980)} and an end of its own`) > 0.85)
})

test('Texts in scripts without spaces are compared by their characters', () => {
  const text = '閉包是函數與其語彙環境的組合它記得它被建立時的變數'
  assert.equal(alike(text, text), 1)
  assert.ok(alike(text, `${text}因此可以保存狀態`) > 0.5)
  assert.equal(alike(text, '今天我們來學習如何泡一壺好茶先把水燒開'), 0)
})

test('A text without a word is like no other, and neither is a fingerprint that is none', () => {
  assert.deepEqual(fingerprint('— … !'), [])
  assert.equal(alike('', ''), 0)
  assert.equal(similarity([1, 2, 3], [1, 2, 3]), 0)
})

test('A fingerprint is the same on every machine and in every year, since it is kept', () => {
  const made = fingerprint('A closure remembers the variables of the place it was made in, and so it keeps state.')
  assert.equal(made.length, 64)
  assert.ok(made.every((number) => Number.isInteger(number) && number >= 0 && number < 2 ** 32))
  assert.deepEqual(made.slice(0, 4), [170175910, 240535958, 580612449, 337813424])
})
