import assert from 'node:assert/strict'
import { test } from 'node:test'
import { marked } from './marked.ts'

test('what was looked for stands out from the words around it, also at both ends', () => {
  const matches = [
    { start: 0, end: 3 },
    { start: 8, end: 11 },
  ]
  assert.deepEqual(marked({ text: 'One and two', matches }), [
    { words: 'One', isMatch: true },
    { words: ' and ', isMatch: false },
    { words: 'two', isMatch: true },
  ])
  assert.deepEqual(marked({ text: 'All', matches: [] }), [{ words: 'All', isMatch: false }])
})
