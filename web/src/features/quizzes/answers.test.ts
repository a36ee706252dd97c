import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AskedQuestion } from '#contract/questions.ts'
import { given, moved, toggled, unanswered, withPart } from './answers.ts'

const common = { prompt: 'Which?', points: 1 }
const QUESTIONS: AskedQuestion[] = [
  { ...common, id: 'single', kind: 'single', options: ['a', 'b'] },
  { ...common, id: 'multiple', kind: 'multiple', options: ['a', 'b'] },
  { ...common, id: 'order', kind: 'ordering', items: ['a', 'b', 'c'] },
  { ...common, id: 'match', kind: 'matching', lefts: ['a', 'b'], rights: ['c', 'd'] },
  { ...common, id: 'blanks', kind: 'blanks', pieces: ['x', 'y', 'z'] },
  { ...common, id: 'text', kind: 'text' },
]

test('whoever hands in is told of each question that has no whole answer', () => {
  assert.deepEqual(unanswered(QUESTIONS, new Map()), ['single', 'match', 'blanks', 'text'])
  const answers = new Map([
    ['single', { chosen: [1] }],
    ['match', { chosen: [0, -1] }],
    ['blanks', { words: ['x', ' '] }],
    ['text', { words: ['x'] }],
  ])
  assert.deepEqual(unanswered(QUESTIONS, answers), ['match', 'blanks'])
})

test('an order is sent as it stands, and no option where none was chosen', () => {
  assert.deepEqual(given(QUESTIONS, new Map()), [
    { question: 'multiple', answer: { chosen: [] } },
    { question: 'order', answer: { chosen: [0, 1, 2] } },
  ])
})

test('options are chosen and left again, items move by one place and not past the ends', () => {
  assert.deepEqual(toggled([2], 0), [0, 2])
  assert.deepEqual(toggled([0, 2], 2), [0])
  assert.deepEqual(moved([0, 1, 2], 2, -1), [0, 2, 1])
  assert.deepEqual(moved([0, 1, 2], 0, -1), [0, 1, 2])
  assert.deepEqual(moved([0, 1, 2], 2, 1), [0, 1, 2])
  assert.deepEqual(withPart(['a'], { place: 2, part: 'c', count: 3, none: '' }), ['a', '', 'c'])
})
