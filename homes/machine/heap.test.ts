import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { TIDY_MS, tidyHeap } from './heap.ts'

test('what nobody holds any more is gone after five minutes, each time', async ({ mock }) => {
  mock.timers.enable({ apis: ['setInterval'] })
  tidyHeap()
  // V8 collects by itself now and then, but not each time.
  for (let time = 0; time < 10; time += 1) {
    const old = new WeakRef({ time })
    // What a weak reference was made of lives until the turn is over (ECMA-262 §9.9.4.1, AddToKeptObjects).
    await turn()
    mock.timers.tick(TIDY_MS)
    assert.equal(old.deref(), undefined)
  }
})
