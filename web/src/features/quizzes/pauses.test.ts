import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dueBetween, pausing } from './pauses.ts'

const common = { prompt: 'Which?', points: 1, kind: 'text' as const }
const questions = pausing([
  { ...common, id: 'late', pause: { atSeconds: 60, canSkip: false } },
  { ...common, id: 'end' },
  { ...common, id: 'early', pause: { atSeconds: 10, canSkip: true } },
])
const due = (from: number, to: number, ...done: string[]) => dueBetween(questions, new Set(done), { from, to })?.id

test('a video that plays stops at each of its questions, once', () => {
  assert.deepEqual([due(9.8, 10.1), due(9.8, 10.1, 'early'), due(10.1, 10.4), due(59.9, 60.2)], ['early', undefined, undefined, 'late'])
})

test('whoever jumps ahead is stopped by what may not be skipped, and by nothing behind them', () => {
  assert.deepEqual([due(0, 50), due(0, 90), due(0, 90, 'late'), due(70, 5)], [undefined, 'late', undefined, undefined])
})
