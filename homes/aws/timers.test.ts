import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Timer } from '#core/handlers.ts'
import { openSchool } from '#test/school.ts'
import { refreshPeople, runTurn } from './timers.ts'
import { paces } from './wiring.ts'

test('Each timer of a pace has its turn; one that fails is logged, keeps no other from running, and is told at the end', async (t) => {
  const { world, close } = await openSchool()
  t.after(close)
  const [ran, logged]: [string[], string[]] = [[], []]
  const listening = {
    ...world,
    log: { ...world.log, error: (message: string, _error: unknown, fields = {}) => void logged.push(`${message} ${JSON.stringify(fields)}`) },
  }
  const timer = (name: string, everySeconds: number, fault?: string): Timer => ({
    ...{ name, everySeconds },
    run: async () => {
      ran.push(name)
      if (fault !== undefined) throw new Error(fault)
    },
  })
  const timers = [timer('a.first', 60), timer('b.fails', 60, 'no answer'), timer('c.last', 60), timer('d.hourly', 3600)]
  await assert.rejects(runTurn(listening, timers, { everySeconds: 60 }), (error) => {
    assert.ok(error instanceof AggregateError)
    assert.deepEqual([error.message, error.errors.map(String)], ['Timers failed: b.fails.', ['Error: no answer']])
    return true
  })
  assert.deepEqual(ran, ['a.first', 'b.fails', 'c.last'])
  assert.deepEqual(logged, ['timer failed {"timer":"b.fails"}'])
  await runTurn(listening, timers, { everySeconds: 3600 })
  assert.equal(ran.at(-1), 'd.hourly')
})

test('A schedule that no timer has, or that is none, is a fault and not a quiet success', async (t) => {
  const { world, timers, close } = await openSchool()
  t.after(close)
  await assert.rejects(runTurn(world, timers, { everySeconds: 7 }), /No timer runs every 7 seconds/)
  for (const turn of [undefined, {}, { everySeconds: '60' }]) await assert.rejects(runTurn(world, timers, turn))
})

test('The directory is read page by page to its end, at a pace that has a schedule', async () => {
  const asked: (string | undefined)[] = []
  const { everySeconds, run } = refreshPeople({
    refresh: async (page) => {
      asked.push(page)
      return asked.length < 3 ? `page ${asked.length + 1}` : undefined
    },
  })
  const { world, close } = await openSchool()
  await run(world).finally(close)
  assert.deepEqual(asked, [undefined, 'page 2', 'page 3'])
  assert.ok(paces.includes(everySeconds))
})
