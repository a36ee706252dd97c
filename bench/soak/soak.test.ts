import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Findings, isBroken, judge, type Point, slopeOf } from './judging.ts'
import { tally } from './tally.ts'
import { segmentsOf, tracksOf } from './watching.ts'

/** A look every ten seconds for twenty-five minutes. */
const memory = (mbOf: (minutes: number) => number): Point[] => Array.from({ length: 150 }, (_, place) => ({ minutes: 5 + place / 6, mb: mbOf(5 + place / 6) }))

const fine: Findings = {
  ...{ requests: 90_000, errors: 0, delayP99: 20 },
  ...{ memory: memory(() => 300), work: { transcodes: 20, uploads: 15 } },
}
const verdicts = (findings: Partial<Findings>): string[] => judge({ ...fine, ...findings }).map(({ verdict }) => verdict)

test('a school that stays as it was keeps every promise', () => {
  assert.deepEqual(verdicts({}), ['kept', 'kept', 'kept', 'kept'])
  assert.equal(isBroken(judge(fine)), false)
})

test('one error, a loop that is late, or memory that does not come back breaks the promise, and no other', () => {
  assert.deepEqual(verdicts({ errors: 1 }), ['broken', 'kept', 'kept', 'kept'])
  assert.deepEqual(verdicts({ delayP99: 20.1 }), ['kept', 'broken', 'kept', 'kept'])
  assert.deepEqual(verdicts({ memory: memory((minutes) => 300 + 1.1 * minutes) }), ['kept', 'kept', 'broken', 'kept'])
  assert.ok(isBroken(judge({ ...fine, errors: 1 })))
})

test('a school that nobody asked, or in which no film was made, has kept nothing', () => {
  assert.equal(verdicts({ requests: 0 })[0], 'broken')
  assert.equal(verdicts({ work: { transcodes: 0, uploads: 3 } })[3], 'broken')
  assert.equal(verdicts({ work: { transcodes: 3, uploads: 0 } })[3], 'broken')
  assert.equal(verdicts({ delayP99: Number.NaN })[1], 'broken')
})

test('a slope is found beneath the teeth of a saw, and is not told of a few minutes', () => {
  const saw = (minutes: number): number => 40 * (minutes % 1)
  assert.ok(Math.abs(slopeOf(memory((minutes) => 300 + 0.5 * minutes + saw(minutes))) - 0.5) < 0.2)
  assert.deepEqual(verdicts({ memory: memory((minutes) => 300 + saw(minutes)) })[2], 'kept')
  assert.deepEqual(verdicts({ memory: memory((minutes) => 300 + 9 * minutes).slice(0, 50) })[2], 'open')
  assert.ok(Number.isNaN(slopeOf([])))
})

test('what failed while it warmed up counts, and how long it took then does not', () => {
  const counting = tally()
  counting.answered('lesson', 900)
  counting.failed('reading', '500 Something went wrong')
  counting.begin()
  for (let milliseconds = 1; milliseconds <= 100; milliseconds += 1) counting.answered('lesson', milliseconds)
  counting.failed('reading', '500 Something went wrong')
  assert.deepEqual(counting.kinds(), [{ kind: 'lesson', count: 100, p50: 51, p95: 96, p99: 100, longest: 100 }])
  assert.deepEqual(counting.errors(), [{ what: 'reading: 500 Something went wrong', times: 2 }])
})

test('a player of the soak finds pictures, sound and segments where a browser does', () => {
  const master = ['#EXTM3U', '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="a/index.m3u8"', '#EXT-X-STREAM-INF:BANDWIDTH=1', 'v0/index.m3u8']
  const at = 'http://school/media/vid_1/master.m3u8'
  assert.deepEqual(tracksOf(master.join('\n'), at), { pictures: ['/media/vid_1/v0/index.m3u8'], sound: '/media/vid_1/a/index.m3u8' })
  const media = ['#EXTM3U', '#EXT-X-MAP:URI="init.mp4"', '#EXTINF:6.0,', '1.m4s', '#EXTINF:2.5,', '#EXT-X-BITRATE:900', '2.m4s']
  assert.deepEqual(segmentsOf(media.join('\n'), at), [
    { url: '/media/vid_1/1.m4s', seconds: 6 },
    { url: '/media/vid_1/2.m4s', seconds: 2.5 },
  ])
})
