import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adviceOn } from './items.ts'

test('a teacher is told first of what misleads, and of nothing while there are few answers', () => {
  assert.equal(adviceOn({ asked: 4, difficulty: 0, discrimination: -1 }), 'few')
  assert.equal(adviceOn({ asked: 10, difficulty: 0.1, discrimination: -0.2 }), 'backwards')
  assert.equal(adviceOn({ asked: 10, difficulty: 0.1, discrimination: 0.5 }), 'hard')
  assert.equal(adviceOn({ asked: 10, difficulty: 1 }), 'easy')
  assert.equal(adviceOn({ asked: 10, difficulty: 0.6, discrimination: 0.05 }), 'blurred')
  assert.equal(adviceOn({ asked: 10, difficulty: 0.6, discrimination: 0.4 }), undefined)
})
