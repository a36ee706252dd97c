import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { beyond, merged, secondsOf } from '#contract/stretches.ts'
import type { Stretch } from '#contract/watching.ts'
import { cut, type Shown, ticked } from './shown.ts'

const DURATION = 900

type Deed = { kind: 'play'; seconds: number; rate: number; tickMs: number } | { kind: 'seek'; to: number } | { kind: 'pause' | 'stall'; seconds: number }

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    kind: fc.constant('play' as const),
    seconds: fc.double({ min: 0.1, max: 40, noNaN: true }),
    rate: fc.constantFrom(0.5, 0.75, 1, 1.25, 1.5, 2, 3),
    tickMs: fc.constantFrom(66, 250, 1000),
  }),
  fc.record({ kind: fc.constant('seek' as const), to: fc.double({ min: 0, max: DURATION, noNaN: true }) }),
  fc.record({ kind: fc.constantFrom('pause' as const, 'stall' as const), seconds: fc.double({ min: 0, max: 600, noNaN: true }) }),
)

/** A viewer’s evening: what was truly on the screen, and what the player makes of its own ticks. */
const watched = (deeds: Deed[]): { truth: Stretch[]; shown: Shown } => {
  let [at, nowMs] = [0, 0]
  let shown: Shown = { stretches: [] }
  const truth: Stretch[] = []
  const tick = (rate: number): void => {
    shown = ticked(shown, { seconds: at, atMs: nowMs, rate })
  }
  for (const each of deeds) {
    if (each.kind === 'seek') {
      at = each.to
      shown = cut(shown)
      tick(1)
    } else if (each.kind === 'play') {
      const from = at
      tick(each.rate)
      for (let passed = 0; passed < each.seconds * 1000 && at < DURATION; passed += each.tickMs) {
        at = Math.min(DURATION, at + (each.tickMs / 1000) * each.rate)
        nowMs += each.tickMs
        tick(each.rate)
      }
      truth.push({ fromSeconds: from, toSeconds: at })
    } else {
      nowMs += each.seconds * 1000
      tick(1)
    }
  }
  return { truth: merged(truth), shown }
}

test('what is told is what was on the screen, whatever a viewer does', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 30 }), (deeds) => {
      const { truth, shown } = watched(deeds)
      assert.deepEqual(merged(shown.stretches), truth)
    }),
    { numRuns: 300 },
  )
})

test('a jump that no event tells of is not taken for watching', () => {
  fc.assert(
    fc.property(fc.double({ min: 5, max: 800, noNaN: true }), fc.integer({ min: 16, max: 1000 }), (jump, passedMs) => {
      const before = ticked({ stretches: [] }, { seconds: 0, atMs: 0, rate: 3 })
      assert.deepEqual(ticked(before, { seconds: jump, atMs: passedMs, rate: 3 }).stretches, [])
      const there = ticked({ stretches: [] }, { seconds: jump, atMs: 0, rate: 1 })
      assert.deepEqual(ticked(there, { seconds: 0, atMs: passedMs, rate: 1 }).stretches, [])
    }),
  )
})

test('no speed beyond the highest is believed, however often it ticks', () => {
  let shown: Shown = { stretches: [] }
  for (let tick = 0; tick <= 400; tick += 1) shown = ticked(shown, { seconds: tick * 2, atMs: tick * 250, rate: 8 })
  assert.equal(secondsOf(shown.stretches), 0)
})

test('what one has not seen yet is what lies between', () => {
  const seen = [
    { fromSeconds: 0, toSeconds: 60 },
    { fromSeconds: 90, toSeconds: 300 },
  ]
  assert.deepEqual(beyond({ fromSeconds: 0, toSeconds: 320 }, seen), [
    { fromSeconds: 60, toSeconds: 90 },
    { fromSeconds: 300, toSeconds: 320 },
  ])
})
