import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mostAgain, mostStops, tenthsOf } from './heat.ts'

const flat = (count: number): number[] => Array.from({ length: 100 }, () => count)
const withAt = (counts: number[], places: number[], count: number): number[] => counts.map((each, place) => (places.includes(place) ? count : each))

test('a teacher is told the stretch that is watched again most, with what lies next to it', () => {
  const heat = { durationSeconds: 1000, seen: flat(4), shown: withAt(flat(5), [30, 31, 32], 9), stops: flat(0) }
  assert.deepEqual(mostAgain(heat), { fromSeconds: 300, toSeconds: 330, count: 15 })
  assert.equal(mostAgain({ ...heat, shown: flat(4) }), undefined)
})

test('whoever stops at the very end has seen it through', () => {
  const heat = { durationSeconds: 1000, seen: flat(4), shown: flat(4), stops: withAt(withAt(flat(0), [99], 50), [20], 2) }
  assert.deepEqual(mostStops(heat), { fromSeconds: 200, toSeconds: 210, count: 2 })
})

test('ten rows say what a hundred bars show', () => {
  const rows = tenthsOf({ durationSeconds: 600, seen: flat(3), shown: flat(5), stops: withAt(flat(0), [10, 19], 2) })
  assert.equal(rows.length, 10)
  assert.deepEqual(rows[1], { fromSeconds: 60, toSeconds: 120, watchedBy: 3, again: 2, stops: 4 })
})
