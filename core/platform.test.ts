import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hearings, timers } from './platform.ts'

const NAME = /^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/

for (const [who, them] of Object.entries({ listens: hearings, 'keeps time': timers }))
  test(`whoever ${who} has a name of its own that every home can spell`, () => {
    const names = them.map(({ name }) => name)
    assert.deepEqual(
      names.filter((name, place) => !NAME.test(name) || names.indexOf(name) !== place),
      [],
    )
    assert.ok(names.length > 10)
  })
