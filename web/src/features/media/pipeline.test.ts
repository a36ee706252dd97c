import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupOf } from '#contract/media.ts'
import { codecName, doingOf, elapsedSeconds, fpsText, lookOf, percentOf, secondsLeft } from './pipeline.ts'
import { isBeingMade } from './states.ts'
import { aVideo } from './video.fixture.ts'

const NOW = Date.parse('2026-05-04T09:01:00Z')

test('a step that came to a halt is told apart: held by the budget, cancelled, or failed', () => {
  assert.equal(lookOf({ state: 'failed' }, { state: 'held' }), 'held')
  assert.equal(lookOf({ state: 'failed' }, { state: 'cancelled' }), 'cancelled')
  assert.equal(lookOf({ state: 'failed' }, { state: 'failed' }), 'failed')
  assert.equal(lookOf({ state: 'done' }, { state: 'held' }), 'done')
})

test('a running step counts on, an ended one stands, and a slow clock does not count backwards', () => {
  const startedAt = '2026-05-04T09:00:00Z'
  assert.equal(elapsedSeconds({ name: 'rungs', state: 'running', startedAt }, NOW), 60)
  assert.equal(elapsedSeconds({ name: 'rungs', state: 'done', startedAt, endedAt: '2026-05-04T09:00:12Z' }, NOW), 12)
  assert.equal(elapsedSeconds({ name: 'rungs', state: 'running', startedAt: '2026-05-04T09:02:00Z' }, NOW), 0)
  assert.equal(elapsedSeconds({ name: 'rungs', state: 'waiting' }, NOW), undefined)
  assert.equal(elapsedSeconds({ name: 'rungs', state: 'failed', startedAt }, NOW), undefined)
})

test('while a video is encoded its teacher hears whether anything of it can be watched', () => {
  assert.equal(doingOf(aVideo({ state: 'transcoding' })), 'watchable')
  assert.equal(doingOf(aVideo({ state: 'transcoding', watchable: 'beginning' })), 'rungs')
  assert.equal(doingOf(aVideo({ state: 'held' })), 'held')
})

test('progress and time left are shown where they are known, and nowhere else', () => {
  const steps = [
    { name: 'upload', state: 'done' } as const,
    { name: 'watchable', state: 'running' } as const,
    { name: 'rungs', state: 'running', percent: 40, secondsLeft: 90 } as const,
  ]
  assert.equal(secondsLeft(aVideo({ state: 'transcoding', steps })), 90)
  assert.equal(secondsLeft(aVideo({ state: 'ready' })), undefined)
  assert.equal(percentOf(aVideo({ state: 'transcoding', percent: 40 })), 40)
  assert.equal(percentOf(aVideo({ state: 'probing' })), undefined)
})

test('every video stands under one filter, and what is held or failed asks for its teacher', () => {
  const groups = (['uploading', 'probing', 'transcoding', 'held', 'cancelled', 'failed', 'ready'] as const).map((state) => groupOf({ state }))
  assert.deepEqual(groups, ['moving', 'moving', 'moving', 'trouble', 'trouble', 'trouble', 'ready'])
  assert.equal(isBeingMade({ state: 'probing' }), true)
  assert.equal(isBeingMade({ state: 'held' }), false)
})

test('a source’s facts read as on a camera', () => {
  assert.equal(codecName('h264'), 'H.264')
  assert.equal(codecName('cinepak'), 'CINEPAK')
  assert.equal(fpsText(29.97, 'en'), '29.97')
  assert.equal(fpsText(25, 'en'), '25')
})
