import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellsOf } from './pieces.ts'

const pieces = (states: string): Parameters<typeof cellsOf>[0] =>
  [...states].map((sign, place) => ({ seconds: place * 24, state: sign === '#' ? 'made' : sign === '~' ? 'making' : 'waiting' }))
const cells = (states: string, most: number): ReturnType<typeof cellsOf> => cellsOf(pieces(states), { most, durationSeconds: states.length * 24 - 10 })
const drawn = (states: string, most: number): string =>
  cells(states, most)
    .map(({ state }) => ({ made: '#', making: '~', waiting: '.' })[state])
    .join('')

test('each piece has its cell while there is room', () => {
  assert.equal(drawn('##~..', 10), '##~..')
  assert.deepEqual(cells('#..', 10)[1], { startSeconds: 24, endSeconds: 48, state: 'waiting' })
})

test('a long video is drawn in cells of several pieces; one that is partly made is being made', () => {
  assert.equal(drawn('####.#..', 4), '##~.')
  assert.equal(cells('.'.repeat(1801), 120).length <= 120, true)
})

test('the last cell ends where the video does', () => {
  assert.equal(cells('.......', 3).at(-1)?.endSeconds, 7 * 24 - 10)
  assert.deepEqual(cells('', 3), [])
})
