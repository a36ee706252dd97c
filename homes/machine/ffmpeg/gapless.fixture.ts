import assert from 'node:assert/strict'
import type { Objects } from '#ports/objects.ts'
import { segmentTimes, timescaleOf } from './boxes.ts'

/** Asserts that every segment of a track begins exactly where the one before ends, and gives their number. */
export const assertGapless = async (objects: Objects, prefix: string): Promise<{ segments: number; seconds: number }> => {
  const init = await objects.get(`${prefix}init.mp4`)
  const timescale = init && timescaleOf(Buffer.from(init.bytes))
  assert.ok(timescale)
  const keys = (await objects.list(prefix)).items.map(({ key }) => key).filter((key) => key.endsWith('.m4s'))
  let at = 0
  for (const key of keys) {
    const stored = await objects.get(key)
    const times = stored && segmentTimes(Buffer.from(stored.bytes))
    assert.ok(times, key)
    assert.equal(times.begins, at, `${key} begins where the one before ends`)
    at += times.lasts
  }
  return { segments: keys.length, seconds: at / timescale }
}
