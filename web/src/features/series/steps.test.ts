import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Run } from '#contract/series.ts'
import { RunState } from '#contract/series.ts'
import { aRun } from './series.fixture.ts'
import { isMergedUnshown, isMoving, isOpen, isPausing, stepsOf, toneOf } from './steps.ts'

const looks = (of: Partial<Run>): string =>
  stepsOf(aRun(of))
    .map(({ look }) => look)
    .join(' ')
const DRAFT = { title: 'Light', expiresAt: '2026-06-01T00:00:00Z' }
const PULL = { number: 12, url: 'http://localhost/pull/12' }

test('a run goes its way step by step until it is a lesson', () => {
  assert.equal(looks({ state: 'due' }), 'running waiting waiting waiting waiting')
  assert.equal(looks({ state: 'writing' }), 'done running waiting waiting waiting')
  assert.equal(looks({ state: 'drafted' }), 'done done done running waiting')
  assert.equal(looks({ state: 'proposing' }), 'done done done running waiting')
  assert.equal(looks({ state: 'proposed' }), 'done done done asked waiting')
  assert.equal(looks({ state: 'live' }), 'done done done done done')
})

test('a trial rests at its draft, and nothing is under way any more', () => {
  const trial = { state: 'drafted', kind: 'trial' } as const
  assert.equal(looks(trial), 'done done done waiting waiting')
  assert.equal(isMoving(aRun(trial)), false)
  assert.equal(isMoving(aRun({ state: 'drafted' })), true)
})

test('one that waits or is held has its way yet before it; one that ended has not', () => {
  assert.equal(looks({ state: 'waiting' }), 'done done done held waiting')
  const reason = { code: 'chatbot-slow', detail: '' } as const
  assert.equal(looks({ state: 'due', reason }), 'done held waiting waiting waiting')
  assert.equal(looks({ state: 'drafted', reason, draft: DRAFT }), 'done done done held waiting')
  assert.equal(isPausing(aRun({ state: 'due', reason })), true)
  assert.equal(isPausing(aRun({ state: 'held', reason })), false)
  assert.equal(looks({ state: 'held' }), 'held waiting waiting waiting waiting')
  assert.equal(looks({ state: 'closed' }), 'done done done stopped skipped')
  assert.equal(looks({ state: 'withdrawn' }), 'done done done done stopped')
  assert.equal(looks({ state: 'refused', draft: DRAFT }), 'done done failed skipped skipped')
  assert.equal(looks({ state: 'discarded' }), 'done done stopped skipped skipped')
})

test('a failure stands at the step that failed', () => {
  const failed = (code: 'chatbot-slow' | 'repository-refused' | 'expired' | 'no-section' | 'program-failed', of: Partial<Run> = {}) =>
    stepsOf(aRun({ state: 'failed', reason: { code, detail: '' }, ...of })).find(({ look }) => look === 'failed')?.name
  assert.equal(failed('chatbot-slow'), 'writing')
  assert.equal(failed('repository-refused', { draft: DRAFT }), 'review')
  assert.equal(failed('expired'), 'draft')
  assert.equal(failed('no-section'), 'due')
  assert.equal(failed('program-failed'), 'writing')
  assert.equal(failed('program-failed', { draft: DRAFT }), 'review')
  assert.equal(failed('program-failed', { draft: DRAFT, pull: PULL }), 'review')
})

test('what was merged into something unsound has been reviewed, and is no lesson yet', () => {
  const reason = { code: 'unsound', detail: 'courses/light/course.md: There is no such price.' } as const
  assert.equal(looks({ state: 'proposed', reason, pull: PULL }), 'done done done done held')
  assert.deepEqual([isMergedUnshown(aRun({ reason })), isMergedUnshown(aRun({ state: 'refused', reason }))], [true, false])
})

test('every state has five steps and a colour, and what moves is not over', () => {
  for (const state of RunState.options) {
    const run = aRun({ state })
    assert.equal(stepsOf(run).length, 5)
    assert.ok(toneOf(run))
    assert.ok(!isMoving(run) || isOpen(run), state)
  }
})
