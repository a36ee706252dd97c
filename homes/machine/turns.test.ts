import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { oneATurn } from './turns.ts'

test('one thing is done in a turn, in the order they came, also what comes while another is being done', async () => {
  const take = oneATurn()
  const done: string[] = []
  take(() => {
    done.push('first')
    take(() => done.push('brought along'))
    take(() => done.push('and another'))
    take(() => done.push('and one more'))
  })
  const seen: number[] = []
  for (let turns = 0; turns < 6; turns += 1) {
    await turn()
    seen.push(done.length)
  }
  assert.deepEqual(done, ['first', 'brought along', 'and another', 'and one more'])
  assert.ok(
    seen.every((count, at) => count - (seen[at - 1] ?? 0) <= 1),
    seen.join(' '),
  )
})
