import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measured } from './measure.ts'
import { aGif, aPng } from './pictures.fixture.ts'

const bytesOf = (base64: string): Uint8Array => Buffer.from(base64, 'base64')
const padded = (...parts: (string | number[])[]): Uint8Array => {
  const bytes = new Uint8Array(96)
  bytes.set(parts.flatMap((part) => (typeof part === 'string' ? [...part].map((sign) => sign.charCodeAt(0)) : part)))
  return bytes
}

test('each kind of picture tells its size', () => {
  assert.deepEqual(measured(aPng(1600, 900)), { type: 'image/png', width: 1600, height: 900 })
  assert.deepEqual(measured(aGif(9, 4)), { type: 'image/gif', width: 9, height: 4 })
  // A segment of an application first, then a frame of 3 × 2.
  const jpeg = padded([0xff, 0xd8, 0xff, 0xe0, 0, 6, 1, 2, 3, 4, 0xff, 0xc2, 0, 11, 8, 0, 2, 0, 3])
  assert.deepEqual(measured(jpeg), { type: 'image/jpeg', width: 3, height: 2 })
  assert.deepEqual(measured(padded('RIFF', [0, 0, 0, 0], 'WEBPVP8X', [10, 0, 0, 0, 0, 0, 0, 0, 63, 1, 0, 31, 0, 0])), {
    type: 'image/webp',
    width: 320,
    height: 32,
  })
  // A lossless one of one pixel, as an encoder wrote it.
  assert.deepEqual(measured(bytesOf('UklGRiQAAABXRUJQVlA4TBgAAAAvAAAAAAfQ//73v/+BiOh/AAAAAAAAAAAA')), { type: 'image/webp', width: 1, height: 1 })
  const avif = padded([0, 0, 0, 24], 'ftypavif', [0, 0, 0, 0], 'ispe', [0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 8], 'ispe', [0, 0, 0, 0, 0, 0, 0, 80, 0, 0, 0, 60])
  assert.deepEqual(measured(avif), { type: 'image/avif', width: 80, height: 60 })
})

test('everything else is no picture, and nothing cut short is a fault', () => {
  for (const text of ['<svg xmlns="http://www.w3.org/2000/svg"></svg>', '<!doctype html><script>1</script>', '%PDF-1.7', 'BM', ''])
    assert.equal(measured(padded(text)), undefined)
  for (const whole of [aPng(8, 8), aGif(8, 8)]) for (let length = 0; length < 32; length += 1) assert.equal(measured(whole.subarray(0, length)), undefined)
  assert.equal(measured(padded([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff])), undefined)
  assert.equal(measured(padded([0xff, 0xd8, 0xff, ...new Array(90).fill(0xff)])), undefined)
})
