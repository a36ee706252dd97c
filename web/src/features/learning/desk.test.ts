import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Enrolled } from '#contract/learning.ts'
import { deskOf } from './desk.ts'

const enrolled = (id: string, of: Partial<Enrolled> = {}): Enrolled => ({
  ...{ course: { id, slug: id, title: id, summary: '' }, since: '2026-01-01T00:00:00.000Z', lessons: 4, completed: 0 },
  ...of,
})
const ids = (list: readonly Enrolled[]): string[] => list.map(({ course }) => course.id)

test('the course somebody was last in is where they go on, and each other stands where it belongs', () => {
  const desk = deskOf([
    enrolled('new'),
    enrolled('before', { completed: 1, lastAt: '2026-02-01T00:00:00.000Z' }),
    enrolled('last', { lastAt: '2026-03-01T00:00:00.000Z' }),
    enrolled('done', { completed: 4, lastAt: '2026-04-01T00:00:00.000Z' }),
  ])
  assert.deepEqual([desk.on?.course.id, ids(desk.begun), ids(desk.waiting), ids(desk.finished)], ['last', ['before'], ['new'], ['done']])
})

test('where nothing is begun the newest course is to be begun; where all is finished nothing is', () => {
  const fresh = deskOf([enrolled('newest'), enrolled('older')])
  assert.deepEqual([fresh.on?.course.id, ids(fresh.waiting)], ['newest', ['older']])
  assert.equal(deskOf([enrolled('done', { completed: 4 })]).on, undefined)
  assert.equal(deskOf([enrolled('empty', { lessons: 0 })]).on?.course.id, 'empty')
})
