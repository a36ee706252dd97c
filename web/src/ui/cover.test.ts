import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coverOf } from './cover.ts'

test('a course has the same cover on every visit', () => {
  assert.deepEqual(coverOf('crs_01m824qpp6r70jtqngtkn32fst'), coverOf('crs_01m824qpp6r70jtqngtkn32fst'))
})

test('courses made in the same moment do not look alike', () => {
  const covers = Array.from({ length: 40 }, (_, place) => JSON.stringify(coverOf(`crs_01m824qpp6r70jtqngtkn3${String(place).padStart(4, '0')}`)))
  assert.equal(new Set(covers).size, 40)
})

test('no course is without a picture', () => {
  for (let place = 0; place < 200; place += 1) assert.ok(coverOf(`crs_${place}`).shapes.length >= 5)
})
