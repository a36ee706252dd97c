import assert from 'node:assert/strict'
import { test } from 'node:test'
import { piecesOf } from './marks.ts'

const momentsOf = (text: string, durationSeconds = 7200) =>
  piecesOf(text, { names: [], durationSeconds }).flatMap((piece) => (piece.kind === 'moment' ? [piece.seconds] : []))

test('a moment of the video is found in a sentence, with hours or without', () => {
  assert.deepEqual(momentsOf('At 1:23 and (01:02:03), then 12:00.'), [83, 3723, 720])
})

test('what is no moment of this video stays a text', () => {
  assert.deepEqual(momentsOf('Ratio 16:9, 1:75, 2:61:00, 10:20:30:40, 3.1:20'), [])
  assert.deepEqual(momentsOf('At 9:59', 60), [])
  assert.deepEqual(
    piecesOf('At 1:23', { names: [], durationSeconds: undefined }).map(({ kind }) => kind),
    ['text'],
  )
})

test('names that are mentioned are marked, the longest first, and nothing of the text is lost', () => {
  const text = 'Hi @Ann Lee and @Ann, see 0:05 @Nobody'
  const pieces = piecesOf(text, { names: ['Ann', 'Ann Lee'], durationSeconds: 10 })
  assert.deepEqual(
    pieces.filter(({ kind }) => kind !== 'text').map((piece) => piece.text),
    ['@Ann Lee', '@Ann', '0:05'],
  )
  assert.equal(pieces.map((piece) => piece.text).join(''), text)
})
