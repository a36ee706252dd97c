import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nothingChosen, rightOf, sentAnswers, unanswered, withChoice } from './marking.ts'

const one = { prompt: 'Which?', kind: 'single' as const, options: ['a', 'b', 'c'] }
const many = { prompt: 'Which ones?', kind: 'multiple' as const, options: ['a', 'b', 'c'] }
const QUESTIONS = [one, many]

test('of one answer the last choice counts; of many each is chosen and left again', () => {
  const first = withChoice(nothingChosen(QUESTIONS), { question: 0, option: 2, kind: 'single' })
  assert.deepEqual(withChoice(first, { question: 0, option: 1, kind: 'single' }), [[1], []])
  const both = withChoice(withChoice(first, { question: 1, option: 2, kind: 'multiple' }), { question: 1, option: 0, kind: 'multiple' })
  assert.deepEqual(both, [[2], [0, 2]])
  assert.deepEqual(withChoice(both, { question: 1, option: 2, kind: 'multiple' }), [[2], [0]])
})

test('a question with one answer wants one; of many it may be that none is right', () => {
  assert.deepEqual(unanswered(QUESTIONS, nothingChosen(QUESTIONS)), [0])
  assert.deepEqual(unanswered(QUESTIONS, [[1], []]), [])
})

test('answers are sent with the number of their question, and those that are right are counted', () => {
  assert.deepEqual(sentAnswers([[2], [0, 1]]), [
    { question: 0, options: [2] },
    { question: 1, options: [0, 1] },
  ])
  assert.equal(
    rightOf([
      { isRight: true, explanation: '' },
      { isRight: false, explanation: '' },
    ]),
    1,
  )
})
