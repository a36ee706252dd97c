import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lackOf, stopsPublishing } from './lesson-lack.ts'

const nothing = { text: ' \n', hasFiles: false, questions: [] }

test('a lesson in which learners would find nothing lacks something, whatever its kind; only a quiz and a session cannot be without', () => {
  const lacks = (['article', 'assignment', 'download', 'quiz', 'live', 'video'] as const).map((kind) => lackOf({ kind, ...nothing }))
  assert.deepEqual(lacks, ['words', 'words', 'file', 'questions', 'time', undefined])
  assert.deepEqual(lacks.map(stopsPublishing), [false, false, false, true, true, false])
})

test('an article is not empty that has a file or a question, and an assignment says what is to be done in words', () => {
  assert.equal(lackOf({ kind: 'article', ...nothing, hasFiles: true }), undefined)
  assert.equal(lackOf({ kind: 'article', ...nothing, questions: [1] }), undefined)
  assert.equal(lackOf({ kind: 'assignment', ...nothing, hasFiles: true }), 'words')
  assert.equal(lackOf({ kind: 'assignment', ...nothing, text: 'Draw a hand.' }), undefined)
})
