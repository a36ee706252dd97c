import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chapterAt, chaptersVtt } from './chapters.ts'

const chapters = [
  { startSeconds: 5, title: 'Where we left off' },
  { startSeconds: 3725.5, title: 'Setting\nthe slope --> gently' },
]

test('the timeline shows each chapter until the next begins, and the last until the end', () => {
  const [, first, second] = chaptersVtt(chapters, 4000).split('\n\n')
  assert.equal(first, '00:00:05.000 --> 01:02:05.500\nWhere we left off')
  assert.match(second ?? '', /^01:02:05\.500 --> 01:06:40\.000\n/)
})

test('a title with a line break or an arrow cannot cut its chapter short', () => {
  const second = chaptersVtt(chapters, 4000).split('\n\n')[2] ?? ''
  assert.equal(second.trim().split('\n').length, 2)
  assert.equal(second.split('-->').length, 2)
})

test('a moment before the first chapter lies in none', () => {
  assert.deepEqual(
    [0, 5, 3725, 3726].map((seconds) => chapterAt(chapters, seconds)),
    [-1, 0, 0, 1],
  )
})
