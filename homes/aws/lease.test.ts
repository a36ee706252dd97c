import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Timer } from '#core/handlers.ts'
import { openSchool } from '#test/school.ts'
import { underLease } from './lease.ts'
import { runTurn } from './timers.ts'

const aSchool = async (t: TestContext) => {
  const school = await openSchool()
  t.after(() => school.close())
  return school
}

test('A timer whose last turn has not come to an end is left to it, and has its next turn after that', async (t) => {
  const { world } = await aSchool(t)
  const [began, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let turns = 0
  const slow: Timer = {
    ...{ name: 'a.slow', everySeconds: 60 },
    run: async () => {
      turns += 1
      began.resolve()
      await mayEnd.promise
    },
  }
  const first = runTurn(world, [slow], { everySeconds: 60 })
  await began.promise
  await runTurn(world, [slow], { everySeconds: 60 })
  assert.equal(turns, 1)
  mayEnd.resolve()
  await first
  await runTurn(world, [slow], { everySeconds: 60 })
  assert.equal(turns, 2)
})

test('Of two that come at the same moment one is let in', async (t) => {
  const { world } = await aSchool(t)
  const mayEnd = Promise.withResolvers<void>()
  const work = (): Promise<void> => mayEnd.promise
  const both = [underLease(world, 'a', work), underLease(world, 'a', work)]
  assert.equal(await Promise.race(both), 'busy')
  mayEnd.resolve()
  assert.deepEqual((await Promise.all(both)).toSorted(), ['busy', 'done'])
})

test('What failed gives its lease back, and what died keeps it for a quarter of an hour', async (t) => {
  const { world, clock } = await aSchool(t)
  await assert.rejects(
    underLease(world, 'a', () => Promise.reject(new Error('no answer'))),
    /no answer/,
  )
  const dead = Promise.withResolvers<void>()
  const [died, isAtIt] = [Promise.withResolvers<void>(), () => underLease(world, 'a', async () => {})]
  const hanging = underLease(world, 'a', () => {
    died.resolve()
    return dead.promise
  })
  await died.promise
  clock.pass(14 * 60)
  assert.equal(await isAtIt(), 'busy')
  clock.pass(60)
  assert.equal(await isAtIt(), 'done')
  dead.resolve()
  await hanging
  assert.equal(await isAtIt(), 'done')
})

test('Whoever comes back from the dead ends no lease of another', async (t) => {
  const { world, clock } = await aSchool(t)
  const [old, young] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const began = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
  const working = (at: 0 | 1, until: Promise<void>) =>
    underLease(world, 'a', () => {
      began[at].resolve()
      return until
    })
  const first = working(0, old.promise)
  await began[0].promise
  clock.pass(15 * 60)
  const second = working(1, young.promise)
  await began[1].promise
  old.resolve()
  await first
  assert.equal(await underLease(world, 'a', async () => {}), 'busy')
  young.resolve()
  await second
})
