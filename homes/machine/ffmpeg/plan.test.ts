import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Recipe } from '#ports/transcoder.ts'
import { chunkSpan, type Facts, ladder, type Picture, planOf, snapFps } from './plan.ts'
import { audioTask, chunkTask } from './tasks.ts'

const recipe: Recipe = {
  name: 'standard',
  segmentSeconds: 4,
  audioKbps: 128,
  rungs: [
    { name: '1080p', shortSide: 1080, crf: 21, maxrateKbps: 3500 },
    { name: '720p', shortSide: 720, crf: 22, maxrateKbps: 1800 },
    { name: '480p', shortSide: 480, crf: 23, maxrateKbps: 900 },
    { name: '270p', shortSide: 270, crf: 24, maxrateKbps: 350 },
  ],
}

const aPicture = (of: Partial<Picture> = {}): Picture => ({
  stream: 0,
  width: 1920,
  height: 1080,
  rotation: 0,
  fps: { num: 30, den: 1 },
  isInterlaced: false,
  hdr: false,
  colours: {},
  secondsPerKeyFrame: 4,
  lastFrameSeconds: 60,
  ...of,
})
const facts = (of: Partial<Facts> = {}): Facts => ({ durationSeconds: 60, startSeconds: 0, picture: aPicture(), needsCopy: false, chapters: [], ...of })
const sizes = (width: number, height: number): string[] =>
  ladder(aPicture({ width, height }), recipe).map((rung) => `${rung.name} ${rung.width}x${rung.height}`)

test('a picture gets the rungs it can fill, and is never enlarged', () => {
  assert.deepEqual(sizes(1920, 1080), ['1080p 1920x1080', '720p 1280x720', '480p 854x480', '270p 480x270'])
  assert.deepEqual(sizes(3840, 2160), ['1080p 1920x1080', '720p 1280x720', '480p 854x480', '270p 480x270'])
  assert.deepEqual(sizes(1280, 720), ['720p 1280x720', '480p 854x480', '270p 480x270'])
})

test('a picture well between two rungs keeps its own size too', () => {
  assert.deepEqual(sizes(1440, 900), ['900p 1440x900', '720p 1152x720', '480p 768x480', '270p 432x270'])
  assert.deepEqual(sizes(888, 500), ['480p 852x480', '270p 480x270'])
})

test('a picture smaller than every rung is a rung by itself', () => {
  assert.deepEqual(sizes(320, 180), ['180p 320x180'])
})

test('a portrait picture is measured by its width', () => {
  assert.deepEqual(sizes(1080, 1920), ['1080p 1080x1920', '720p 720x1280', '480p 480x854', '270p 270x480'])
})

test('odd sizes become even ones', () => {
  assert.deepEqual(sizes(641, 361), ['360p 640x360', '270p 480x270'])
})

test('frame rates are brought to the usual ones, at most 60', () => {
  const rates: [number, string][] = [
    [23.97, '24000/1001'],
    [24.9, '25/1'],
    [29.96, '30000/1001'],
    [30, '30/1'],
    [40, '30/1'],
    [15, '30/1'],
    [12.5, '25/1'],
    [50, '50/1'],
    [59.9, '60000/1001'],
    [100_000, '60/1'],
    [0, '30/1'],
  ]
  for (const [measured, expected] of rates) {
    const { num, den } = snapFps(measured)
    assert.equal(`${num}/${den}`, expected)
  }
})

test('chunks cover all frames once, and the last is shorter', () => {
  const plan = planOf(facts({ durationSeconds: 61.5 }), recipe)
  const spans = Array.from({ length: plan.chunks }, (_, chunk) => chunkSpan(plan, chunk))
  assert.deepEqual(
    spans.map(({ firstFrame, frames, segments }) => [firstFrame, frames, segments]),
    [
      [0, 720, 6],
      [720, 720, 6],
      [1440, 405, 4],
    ],
  )
})

test('a turned picture is turned upright before it is scaled down', () => {
  const plan = planOf(facts({ picture: aPicture({ width: 1080, height: 1920, rotation: 90 }) }), recipe)
  assert.match(chunkTask(plan, 'source', 0, 'embedded').graph, /scale=1920:1080[^,]*,transpose=clock,/)
})

test('sound that starts with the container at another time is brought to zero', () => {
  const plan = planOf(facts({ startSeconds: 1.4, sound: { stream: 1, channels: 2 } }), recipe)
  assert.match(audioTask(plan, 'source', 1).graph, /^\[0:1\]asetpts=PTS-1\.400000\/TB,/)
})
