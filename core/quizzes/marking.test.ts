import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Question, SentQuestion } from '#contract/questions.ts'
import { asked, PLAINLY } from './asking.ts'
import { markOf, numberOf } from './marking.ts'
import { named } from './naming.ts'
import { EVERY_KIND, rightAnswer } from './quizzes.fixture.ts'

const one = (question: SentQuestion): Question => {
  const [first] = named([question])
  if (!first) throw new Error('There is one.')
  return first
}
const common = { prompt: 'Which?', explanation: '', points: 1 }

test('of each kind the right answer is right, in whatever order it was asked', () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (seed, isShuffled) => {
      for (const question of named(EVERY_KIND)) {
        const laying = { seed, isShuffled }
        const mark = markOf(question, rightAnswer(asked(question, laying)), laying)
        assert.equal(mark.right, mark.of, question.kind)
      }
    }),
  )
})

test('an answer that is left out, or too much, or of another kind, is not right', () => {
  const [single, multiple, yesNo, , , ordering] = named(EVERY_KIND)
  if (!single || !multiple || !yesNo || !ordering) throw new Error('They are there.')
  for (const question of named(EVERY_KIND)) assert.equal(markOf(question, undefined, PLAINLY).right, 0)
  assert.equal(markOf(single, { chosen: [0, 1] }, PLAINLY).right, 0)
  assert.equal(markOf(multiple, { chosen: [0] }, PLAINLY).right, 0)
  assert.equal(markOf(multiple, { chosen: [0, 1, 2] }, PLAINLY).right, 0)
  assert.equal(markOf(yesNo, { chosen: [] }, PLAINLY).right, 0)
  assert.equal(markOf(ordering, { chosen: [0, 0, 0, 0] }, PLAINLY).right, 0)
  assert.throws(() => markOf(single, { words: ['Four'] }, PLAINLY))
  assert.throws(() => markOf(single, { chosen: [2] }, PLAINLY))
  assert.throws(() => markOf(single, { chosen: [-1] }, PLAINLY))
})

test('what is put in order, or matched, stands in an order that does not come from the key', () => {
  const items = ['Violet', 'Green', 'Yellow', 'Red']
  const ordering = (order: string[]): Question => ({ ...one({ ...common, kind: 'ordering', items: order }) })
  const matching = (rights: string[]): Question => ({
    ...one({ ...common, kind: 'matching', pairs: rights.map((right, place) => ({ left: `${place}`, right })) }),
  })
  fc.assert(
    fc.property(fc.shuffledSubarray(items, { minLength: 4 }), fc.shuffledSubarray(items, { minLength: 4 }), fc.string(), (a, b, seed) => {
      const laying = { seed, isShuffled: false }
      assert.deepEqual(asked(ordering(a), laying), asked(ordering(b), laying))
      assert.deepEqual(asked(matching(a), laying), asked(matching(b), laying))
    }),
  )
})

test('matches and gaps count each for itself', () => {
  const [blanks, matching] = [EVERY_KIND[7], EVERY_KIND[6]].map((question) => (question ? one(question) : undefined))
  if (!blanks || !matching) throw new Error('They are there.')
  assert.deepEqual(markOf(blanks, { words: ['STRAIGHTAWAY', 'no'] }, PLAINLY), { right: 1, of: 2, parts: [true, false] })
  assert.deepEqual(markOf(blanks, { words: ['', 'refracted'] }, PLAINLY).parts, [false, true])
  const rights = asked(matching, PLAINLY)
  const orange = rights.kind === 'matching' ? rights.rights.indexOf('Orange') : -1
  assert.deepEqual(markOf(matching, { chosen: [orange, -1, orange] }, PLAINLY).parts, [true, false, false])
})

test('a number is read as people write it, with its unit or without', () => {
  const read: [string, string | undefined, number | undefined][] = [
    ['9.81', undefined, 9.81],
    ['9,81', undefined, 9.81],
    [' 1 234,5 ', undefined, 1234.5],
    ['1,234.5', undefined, 1234.5],
    ['1.234.567', undefined, 1_234_567],
    ['−3', undefined, -3],
    ['3e8 m/s', 'm/s', 3e8],
    ['20 °C', '°C', 20],
    ['５', undefined, 5],
    ['.5', undefined, 0.5],
    ['', undefined, undefined],
    ['5 apples', undefined, undefined],
    ['0x10', undefined, undefined],
    ['Infinity', undefined, undefined],
  ]
  for (const [text, unit, number] of read) assert.equal(numberOf(text, unit), number, text)
})

test('a number may be off by its tolerance and no more, save what no computer writes exactly', () => {
  const sum = one({ ...common, kind: 'numeric', value: 0.3, tolerance: 0.1 })
  const mark = (text: string): number => markOf(sum, { words: [text] }, PLAINLY).right
  assert.deepEqual(['0.4', '0.2', '0.3', '0.41', '0.19', 'x'].map(mark), [1, 1, 1, 0, 0, 0])
  const exact = one({ ...common, kind: 'numeric', value: 0, tolerance: 0 })
  assert.equal(markOf(exact, { words: ['0.0000000001'] }, PLAINLY).right, 0)
})

test('words are compared without their spaces and apostrophes, and by capitals where the teacher asks for it', () => {
  const exact = one({ ...common, kind: 'text', accepted: ["Newton's café"], matchesCase: true })
  const mark = (text: string): number => markOf(exact, { words: [text] }, PLAINLY).right
  assert.deepEqual(['Newton’s  cafe\u0301 ', "newton's café", 'Newton café'].map(mark), [1, 0, 0])
})
