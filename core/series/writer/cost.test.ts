import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { costMicros, isOver, roomForOutput } from './cost.ts'

const upTo = (most: number) => fc.integer({ min: 0, max: most })
const tokens = fc.record({ input: upTo(1_000_000), output: upTo(1_000_000) })
const limits = fc.record({ tokens: upTo(1_000_000), micros: upTo(100_000_000) })
const prices = fc.record({ inputMicros: upTo(9_999_999_999), outputMicros: upTo(9_999_999_999) })

describe('what a question may cost', () => {
  it('is rounded up to a millionth of a dollar', () => {
    assert.equal(costMicros({ input: 1, output: 0 }, { inputMicros: 1, outputMicros: 0 }), 1)
    assert.equal(costMicros({ input: 1_000_000, output: 0 }, { inputMicros: 150_000, outputMicros: 0 }), 150_000)
    assert.equal(costMicros({ input: 0, output: 0 }, { inputMicros: 1, outputMicros: 1 }), 0)
  })

  it('is exact for the largest bounds there are', () => {
    assert.equal(costMicros({ input: 999_999, output: 999_999 }, { inputMicros: 9_999_999_999, outputMicros: 9_999_999_999 }), 19_999_979_999)
  })

  it('never passes the limits while an answer keeps its bound, and would with one token more', () => {
    fc.assert(
      fc.property(tokens, limits, prices, (spent, bounds, price) => {
        const room = roomForOutput(spent, bounds, price)
        const after = (output: number) => ({ input: spent.input, output: spent.output + output })
        if (room >= 0) assert.equal(isOver(after(room), bounds, price), false)
        assert.equal(isOver(after(Math.max(room, -1) + 1), bounds, price), true)
      }),
    )
  })
})
