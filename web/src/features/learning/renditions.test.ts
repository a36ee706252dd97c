import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyRenditions, renditionsOf } from './renditions.ts'

const rungs = [
  { id: '0', width: 1280, height: 720, bitrate: 1_800_000 },
  { id: '1', width: 480, height: 270, bitrate: 350_000 },
]

test('the quality menu hears of the qualities once the stream has named them', () => {
  const renditions = emptyRenditions()
  const seen: number[] = []
  renditions.addEventListener('addrendition', () => seen.push(renditions.length))
  renditions.fill(rungs)
  assert.deepEqual(seen, [2])
  assert.equal(renditions.selectedIndex, -1)
})

test('choosing a quality tells the stream which, and the menu that it changed', () => {
  const renditions = emptyRenditions()
  const picked: number[] = []
  let changes = 0
  renditions.fill(rungs)
  renditions.onPick = (index) => picked.push(index)
  renditions.addEventListener('change', () => {
    changes += 1
  })
  renditions.selectedIndex = 1
  renditions.selectedIndex = -1
  assert.deepEqual(picked, [1, -1])
  assert.equal(changes, 2)
})

test('qualities named anew are chosen from by the player again', () => {
  const renditions = emptyRenditions()
  const picked: number[] = []
  renditions.fill(rungs)
  renditions.onPick = (index) => picked.push(index)
  renditions.selectedIndex = 1
  renditions.fill(rungs.slice(0, 1))
  assert.equal(renditions.selectedIndex, -1)
  assert.deepEqual(picked, [1], 'the stream itself is not told')
})

test('a size that exists in two codecs stands in the menu once, as the one that plays', () => {
  const levels = [
    { width: 480, height: 270, bitrate: 350_000, codecSet: 'avc1,mp4a' },
    { width: 1280, height: 720, bitrate: 900_000, codecSet: 'av01,mp4a' },
    { width: 1280, height: 720, bitrate: 1_800_000, codecSet: 'avc1,mp4a' },
  ]
  const ids = (codecSet?: string): string[] => renditionsOf(levels, codecSet).map(({ id }) => id)
  assert.deepEqual(ids('avc1,mp4a'), ['0', '2'])
  assert.deepEqual(ids('av01,mp4a'), ['1'])
})
