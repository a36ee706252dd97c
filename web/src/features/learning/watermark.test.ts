import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeOf } from './watermark.ts'

const places = Array.from({ length: 60 }, (_, turn) => placeOf(turn))

test('the mark stays in the picture and off the controls', () => {
  for (const { leftPercent, topPercent } of places) {
    assert.ok(leftPercent >= 4 && leftPercent <= 60, `${leftPercent}`)
    assert.ok(topPercent >= 7 && topPercent <= 70, `${topPercent}`)
  }
})

test('within an hour it has been in every part of the picture and never twice running in one', () => {
  const part = ({ leftPercent, topPercent }: (typeof places)[number]): string => `${Math.floor((leftPercent - 4) / 19)}/${Math.floor((topPercent - 7) / 21.5)}`
  assert.equal(new Set(places.map(part)).size, 9)
  assert.ok(places.every((place, turn) => turn === 0 || part(place) !== part(places[turn - 1] ?? place)))
})
