import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SearchHit } from '#contract/search.ts'
import { byCourse, pathOf } from './hits.ts'

const hit = (of: Partial<SearchHit> = {}): SearchHit => ({
  ...{ kind: 'lesson', course: { id: 'crs_light', slug: 'light', title: 'Light', isDraft: false }, text: 'A window', matches: [] },
  ...of,
})
const lesson = { id: 'les_1', title: 'A window', kind: 'video' as const, isOpen: true }

test('what is said leads to its second, a closed lesson to its course, a draft to its desk', () => {
  assert.deepEqual(pathOf(hit({ kind: 'spoken', lesson, atSeconds: 83.5 })), { path: '/learn/light/les_1', query: { t: '83' } })
  assert.deepEqual(pathOf(hit({ lesson })), { path: '/learn/light/les_1' })
  assert.equal(pathOf(hit({ lesson: { ...lesson, isOpen: false } })), '/courses/light')
  assert.equal(pathOf(hit({ kind: 'course', course: { id: 'crs_new', slug: 'new', title: 'New', isDraft: true } })), '/teach/courses/crs_new')
})

test('a note leads to its lesson while that is open, and to all notes afterwards', () => {
  const course = { id: 'crs_light', title: 'Light', isDraft: false }
  assert.deepEqual(pathOf(hit({ kind: 'note', course, lesson, atSeconds: 4 })), { path: '/learn/crs_light/les_1', query: { t: '4' } })
  assert.equal(pathOf(hit({ kind: 'note', course, lesson: { ...lesson, isOpen: false } })), '/learning/notes')
})

test('results stand by course, the one with the best first, under the name its page has', () => {
  const note = hit({ kind: 'note', course: { id: 'crs_light', title: 'Light, as it was', isDraft: false } })
  const groups = byCourse([note, hit({ course: { id: 'crs_shade', slug: 'shade', title: 'Shade', isDraft: false } }), hit()])
  assert.deepEqual(
    groups.map(({ course, hits }) => [course.title, hits.length]),
    [
      ['Light', 2],
      ['Shade', 1],
    ],
  )
})
