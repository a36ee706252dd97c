import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Criterion } from '#contract/assignments.ts'
import { levelsOf, scoreOf } from './grading.ts'

const level = (title: string, points: number) => ({ title, points })
const RUBRIC: Criterion[] = [
  { title: 'Light', levels: [level('Not seen', 0), level('Seen', 2), level('Used', 4)] },
  { title: 'Words', levels: [level('Unclear', 1), level('Clear', 2)] },
]

test('work may pass once each criterion has a level and the points are enough', () => {
  assert.deepEqual(scoreOf(RUBRIC, [2, undefined], 60), { earned: 4, of: 6, given: undefined, mayPass: false })
  assert.deepEqual(scoreOf(RUBRIC, [1, 0], 60), { earned: 3, of: 6, given: [1, 0], mayPass: false })
  assert.deepEqual(scoreOf(RUBRIC, [1, 1], 60), { earned: 4, of: 6, given: [1, 1], mayPass: true })
  assert.deepEqual(scoreOf([], [], 60), { earned: 0, of: 0, given: [], mayPass: true })
})

test('what was given before is found again by its name, and left open where the rubric has changed', () => {
  const judged = (criterion: string, name: string) => ({ criterion, level: name, points: 0, of: 4 })
  assert.deepEqual(levelsOf(RUBRIC, { judged: [judged('Words', 'Clear'), judged('Light', 'Gone')] }), [undefined, 1])
  assert.deepEqual(levelsOf(RUBRIC, undefined), [undefined, undefined])
})
