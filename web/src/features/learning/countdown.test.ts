import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Countdown, counting, stopped, ticked } from './countdown.ts'

test('the next lesson begins after exactly as many seconds as were promised, once', () => {
  const seen: Countdown[] = [counting(3)]
  for (let second = 0; second < 6; second += 1) seen.push(ticked(seen.at(-1) ?? stopped()))
  assert.deepEqual(
    seen.map(({ left, isOver }) => (isOver ? 'over' : left)),
    [3, 2, 1, 'over', undefined, undefined, undefined],
  )
})

test('a countdown that was stopped never ends', () => {
  assert.deepEqual(ticked(stopped()), stopped())
})
