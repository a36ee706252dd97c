import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitted } from './poster.ts'

test('a poster keeps its shape and is never larger than a page needs', () => {
  assert.deepEqual(fitted({ width: 3840, height: 2160 }), { width: 1280, height: 720 })
  assert.deepEqual(fitted({ width: 2160, height: 3840 }), { width: 720, height: 1280 })
  assert.deepEqual(fitted({ width: 640, height: 360 }), { width: 640, height: 360 })
  assert.deepEqual(fitted({ width: 10_000, height: 3 }), { width: 1280, height: 1 })
})
