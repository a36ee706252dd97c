import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { merged, secondsOf } from '#contract/stretches.ts'
import type { Stretch } from '#contract/watching.ts'
import { allowance, credited } from './evidence.ts'

const DURATION = 600
const ENOUGH = 1_000_000

const moment = fc.integer({ min: 0, max: 9_000 }).map((tenths) => tenths / 10)
const stretch = fc.tuple(moment, moment).map(([fromSeconds, toSeconds]): Stretch => ({ fromSeconds, toSeconds }))
const stretches = fc.array(stretch, { maxLength: 40 })

test('the same stretches heard again add nothing and cost nothing', () => {
  fc.assert(
    fc.property(stretches, (claimed) => {
      const once = credited({ known: [], claimed, durationSeconds: DURATION, allowedSeconds: ENOUGH }).watched
      assert.deepEqual(merged(once, DURATION), once)
      assert.deepEqual(credited({ known: once, claimed, durationSeconds: DURATION, allowedSeconds: 0 }).watched, once)
    }),
  )
})

test('stretches lie in order, apart, and within the film', () => {
  fc.assert(
    fc.property(stretches, stretches, fc.double({ min: 0, max: 900, noNaN: true }), (known, claimed, allowedSeconds) => {
      const { watched } = credited({ known: merged(known, DURATION), claimed, durationSeconds: DURATION, allowedSeconds })
      for (const [place, { fromSeconds, toSeconds }] of watched.entries()) {
        assert.ok(fromSeconds >= 0 && fromSeconds < toSeconds && toSeconds <= DURATION)
        assert.ok(fromSeconds > (watched[place - 1]?.toSeconds ?? Number.NEGATIVE_INFINITY))
      }
    }),
  )
})

test('never more is believed than there was time for, in however many claims it comes', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ claimed: stretches, gapSeconds: fc.double({ min: 0, max: 30, noNaN: true }) }), { maxLength: 20 }), (beats) => {
      let [known, spareSeconds, time]: [Stretch[], number, number] = [[], 0, 0]
      for (const { claimed, gapSeconds } of beats) {
        const heard = credited({ known, claimed, durationSeconds: DURATION, allowedSeconds: allowance({ spareSeconds }, gapSeconds) })
        time += gapSeconds
        known = heard.watched
        spareSeconds = heard.spareSeconds
        assert.ok(secondsOf(known) <= 3 * time + 1.1, `${secondsOf(known)} s of film in ${time} s`)
      }
    }),
    { numRuns: 300 },
  )
})

test('a claim that is a millionth too long for its credit is not believed whole', () => {
  const gapSeconds = 29.999999666666668
  const claimed = [{ fromSeconds: 0, toSeconds: 91.1 }]
  const { watched } = credited({ known: [], claimed, durationSeconds: DURATION, allowedSeconds: allowance({ spareSeconds: 0 }, gapSeconds) })
  assert.ok(secondsOf(watched) <= 3 * gapSeconds + 1.1)
})

test('what is known is never lost by a claim', () => {
  fc.assert(
    fc.property(stretches, stretches, fc.double({ min: 0, max: 900, noNaN: true }), (earlier, claimed, allowedSeconds) => {
      const known = merged(earlier, DURATION)
      const { watched } = credited({ known, claimed, durationSeconds: DURATION, allowedSeconds })
      assert.deepEqual(merged([...watched, ...known], DURATION), watched)
    }),
  )
})

test('with time enough, the order in which claims come makes no difference', () => {
  fc.assert(
    fc.property(
      fc.array(stretches, { maxLength: 6 }).chain((claims) => fc.tuple(fc.constant(claims), fc.shuffledSubarray(claims, { minLength: claims.length }))),
      ([claims, shuffled]) => {
        const after = (all: Stretch[][]): Stretch[] =>
          all.reduce<Stretch[]>((known, claimed) => credited({ known, claimed, durationSeconds: DURATION, allowedSeconds: ENOUGH }).watched, [])
        assert.deepEqual(after(shuffled), after(claims))
      },
    ),
  )
})

test('a thousand specks with a second between them are not worth the film', () => {
  const beats = Array.from({ length: 560 }, (_, place) => [{ fromSeconds: place * 1.1, toSeconds: place * 1.1 + 0.1 }])
  let [known, spareSeconds]: [Stretch[], number] = [[], 0]
  for (const claimed of beats) {
    const heard = credited({ known, claimed, durationSeconds: DURATION, allowedSeconds: allowance({ spareSeconds }, 0.04) })
    known = heard.watched
    spareSeconds = heard.spareSeconds
  }
  assert.ok(secondsOf(known) <= 560 * 0.04 * 3 + 1.1, `${secondsOf(known)} s`)
})

test('a film cut into very many stretches keeps the longest of them', () => {
  const claimed = Array.from({ length: 400 }, (_, place) => ({ fromSeconds: place * 10, toSeconds: place * 10 + (place % 2 === 0 ? 2 : 5) }))
  const { watched } = credited({ known: [], claimed, durationSeconds: 4000, allowedSeconds: ENOUGH })
  assert.equal(watched.length, 300)
  assert.equal(watched.filter(({ fromSeconds, toSeconds }) => toSeconds - fromSeconds > 4).length, 200)
})

test('time beyond ten minutes of silence, and time left over, are not saved up', () => {
  assert.equal(allowance({ spareSeconds: 0 }, 3600), 1800)
  assert.equal(allowance({ spareSeconds: 4 }, -5), 4)
  const { spareSeconds } = credited({ known: [], claimed: [], durationSeconds: DURATION, allowedSeconds: 300 })
  assert.equal(spareSeconds, 10)
})
