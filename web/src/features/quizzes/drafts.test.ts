import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Question } from '#contract/questions.ts'
import { asKind, type Draft, draftOf, KINDS, lacking, movedDraft, newDraft, secondsOf, sendable, withIds } from './drafts.ts'

const stored: Question = { id: 'qst_00000001', prompt: 'True?', explanation: '', points: 1, kind: 'true-false', isTrue: true }
const rewritten: Draft = { key: 'a', question: { ...stored, prompt: '' } }

test('a question of any kind begins unfinished, and what was asked stays when its kind changes', () => {
  for (const kind of KINDS) {
    assert.equal(lacking(newDraft('k', kind)), 'unfinished', kind)
    assert.equal(asKind({ ...stored, prompt: 'Why?' }, kind).prompt, 'Why?')
  }
})

test('of a question that is being rewritten the last sound words are kept, of a new one nothing until it is finished', () => {
  const finished: Draft = { key: 'b', question: { prompt: 'New', explanation: '', points: 1, kind: 'true-false', isTrue: false } }
  const sent = sendable([newDraft('c', 'single'), rewritten, finished], new Map([[stored.id, stored]]))
  assert.deepEqual(sent, [{ key: 'a', question: stored }, finished])
  const after = withIds([newDraft('c', 'single'), rewritten, finished], sent, [stored, { ...stored, id: 'qst_00000002' }])
  assert.deepEqual(
    after.map(({ question }) => [question.id, question.prompt]),
    [
      [undefined, ''],
      ['qst_00000001', ''],
      ['qst_00000002', 'New'],
    ],
  )
})

test('questions move by one place, and a moment is read as players write it', () => {
  const two = [draftOf(stored), rewritten]
  assert.deepEqual(
    movedDraft(two, 0, 1).map(({ key }) => key),
    ['a', 'qst_00000001'],
  )
  assert.deepEqual(movedDraft(two, 0, -1), two)
  assert.deepEqual(['2:05', '1:00:00', '83', 'soon', ''].map(secondsOf), [125, 3600, 83, undefined, undefined])
})
