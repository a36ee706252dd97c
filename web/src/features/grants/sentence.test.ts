import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Explanation, Fact } from '#contract/grants.ts'
import { factBehind, reasonOf, tenseOf } from './sentence.ts'

const day = (of: number): string => `2026-05-0${of}T09:00:00.000Z`
const NOW = Date.parse(day(9))
const paid: Fact = { id: 'fct_1', kind: 'paid', at: day(1), order: 'ord_1' }
const gift: Fact = { id: 'fct_2', kind: 'gifted', at: day(2), until: day(8), by: { id: 'prs_1', name: 'Olive' }, note: 'Raffle' }
const refund: Fact = { id: 'fct_3', kind: 'refunded', at: day(3), order: 'ord_1' }

const anExplanation = (of: Partial<Explanation>): Explanation => ({
  at: day(4),
  person: { id: 'prs_2', name: 'Lena', email: 'lena@lectern.test', isDisabled: false },
  course: { id: 'crs_1', slug: 'light', title: 'Light', isListed: true },
  lesson: { id: 'les_1', title: 'The window', isPreview: false, isPublished: true },
  ...{ isOpen: true, because: 'paid', rules: [], rights: [], facts: [], periods: [] },
  ...of,
})

test('a verdict that rests on something that has happened says when, by whom and until when', () => {
  assert.deepEqual(reasonOf(anExplanation({ rights: [{ kind: 'paid', begunBy: paid, isRunning: true }] }), 'now', NOW), { key: 'paid', date: day(1) })
  const gifted = anExplanation({ because: 'gifted', until: day(8), rights: [{ kind: 'gifted', begunBy: gift, until: day(8), isRunning: true }] })
  assert.deepEqual(reasonOf(gifted, 'now', NOW), { key: 'giftedUntil', date: day(2), until: day(8), by: 'Olive' })
  const refunded = anExplanation({ isOpen: false, because: 'refunded', rights: [{ kind: 'paid', begunBy: paid, endedBy: refund, isRunning: false }] })
  assert.deepEqual(reasonOf(refunded, 'now', NOW), { key: 'refunded', date: day(3) })
  const expired = anExplanation({ isOpen: false, because: 'expired', rights: [{ kind: 'gifted', begunBy: gift, until: day(8), isRunning: false }] })
  assert.deepEqual(reasonOf(expired, 'now', NOW), { key: 'expired', date: day(8) })
  assert.deepEqual(reasonOf(expired, 'future', Date.parse(day(5))), { key: 'runsOut', date: day(8) })
})

test('of two gifts the one that decides is named', () => {
  const longer: Fact = { ...gift, id: 'fct_4', at: day(3), until: day(9) }
  const rights = [gift, longer].map((begunBy) => ({
    kind: 'gifted' as const,
    begunBy,
    ...(begunBy.until !== undefined && { until: begunBy.until }),
    isRunning: true,
  }))
  assert.equal(factBehind({ because: 'gifted', until: day(9), rights })?.id, 'fct_4')
})

test('a lesson in the draft is told apart from a course outside the catalogue, and then from now', () => {
  const hidden = { isOpen: false, because: 'hidden' } as const
  assert.equal(reasonOf(anExplanation(hidden), 'now', NOW).key, 'hidden')
  assert.equal(reasonOf(anExplanation({ ...hidden, lesson: { id: 'les_1', title: 'Soon', isPreview: false, isPublished: false } }), 'now', NOW).key, 'draft')
  assert.equal(reasonOf(anExplanation({ isOpen: false, because: 'not-enrolled' }), 'past', NOW).key, 'notYetEnrolled')
  assert.equal(reasonOf(anExplanation({ isOpen: false, because: 'not-enrolled' }), 'now', NOW).key, 'not-enrolled')
})

test('a moment asked for lies behind or ahead', () => {
  const now = Date.parse(day(4))
  assert.deepEqual([tenseOf(undefined, now), tenseOf(day(3), now), tenseOf(day(5), now)], ['now', 'past', 'future'])
})
