import assert from 'node:assert/strict'
import { test } from 'node:test'
import { laddersOf } from '#core/recipes/ladder.ts'
import { type Recipe, SHIPPED } from '#core/recipes/recipe.ts'
import type { Picture, SourceFacts } from '#ports/transcoder.ts'
import { someFacts } from '#test/school.ts'
import { chunkSpan, planOf, snapFps } from './plan.ts'
import { audioTask, chunkTask } from './tasks.ts'

const standard = SHIPPED[0] as Recipe
const aPicture = (of: Partial<Picture> = {}): Picture => ({
  ...someFacts().picture,
  width: 1920,
  height: 1080,
  fps: { num: 30, den: 1 },
  lastFrameSeconds: 60,
  ...of,
})
const facts = (of: Partial<SourceFacts> = {}): SourceFacts => someFacts({ durationSeconds: 60, picture: aPicture(), ...of })
const plan = (of: SourceFacts) => planOf(of, laddersOf(of.picture, standard).first)

test('the pictures of a storyboard are no larger than a sheet can hold, whatever their shape', () => {
  const tileOf = (width: number, height: number): string => {
    const { storyboard } = plan(facts({ picture: aPicture({ width, height }) }))
    return `${storyboard.tileWidth}×${storyboard.tileHeight}`
  }
  assert.deepEqual([tileOf(1920, 1080), tileOf(1080, 1920), tileOf(16, 1600), tileOf(2400, 16)], ['240×134', '240×426', '4×480', '240×2'])
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
  const whole = plan(facts({ durationSeconds: 61.5 }))
  const spans = Array.from({ length: whole.chunks }, (_, chunk) => chunkSpan(whole, chunk))
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
  const turned = plan(facts({ picture: aPicture({ width: 1080, height: 1920, rotation: 90 }) }))
  assert.match(chunkTask(turned, 'source', { chunk: 0, share: 'all', engine: 'embedded' }).graph, /scale=1920:1080[^,]*,transpose=clock,/)
})

test('sound that starts with the container at another time is brought to zero', () => {
  const late = plan(facts({ startSeconds: 1.4 }))
  assert.match(audioTask(late, 'source', 1).graph, /^\[0:1\]asetpts=PTS-1\.400000\/TB,/)
})

test('the lowest rung alone and the others alone are the same pictures as all of them together', () => {
  const whole = plan(facts())
  const graphOf = (share: 'all' | 'lowest' | 'others'): string[] => chunkTask(whole, 'source', { chunk: 0, share, engine: 'embedded' }).graph.split(';')
  const scales = (share: 'all' | 'lowest' | 'others'): string[] => graphOf(share).flatMap((step) => /scale=\d+:\d+/.exec(step)?.[0] ?? [])
  assert.deepEqual(scales('lowest'), scales('all'))
  assert.deepEqual(scales('others'), scales('all').slice(0, -1))
})
