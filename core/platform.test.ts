import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hearings, timers } from './platform.ts'

const NAME = /^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/

test('whoever listens or keeps time has a name of its own that every home can spell', () => {
  const names = [...hearings, ...timers].map(({ name }) => name)
  assert.deepEqual(
    names.filter((name) => !NAME.test(name)),
    [],
  )
  assert.equal(new Set(names).size, names.length)
})
