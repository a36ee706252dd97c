import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventsLaws } from '#ports/events.laws.ts'
import { events } from './events.ts'
import { silentLog } from './log.ts'
import { openSchoolFile } from './school-file.ts'
import { aClock, aStore, scratchFolder } from './scratch.fixture.ts'
import { tables } from './tables.ts'

eventsLaws('machine', aStore)

const happened = (id: string, at: string) => ({ id, name: 'thing.happened', at, payload: {} })

test('events heard long ago are forgotten, those still owed are kept', async () => {
  const { file, events, tables, pass, close } = await aStore()
  let isFailing = true
  events.listen([
    {
      name: 'one',
      hears: ['thing.happened'],
      async hear({ id }) {
        if (id === 'owed' && isFailing) throw new Error('not yet')
      },
    },
  ])
  await tables.commit([], [happened('heard', '2026-11-22T10:00:00.000Z'), happened('owed', '2026-11-22T10:00:00.000Z')])
  await events.drain()
  pass(40 * 24 * 3600_000)
  events.start()
  await events.stop()
  const kept = (): unknown[] =>
    file.reader
      .prepare('SELECT id FROM outbox')
      .all()
      .map((row) => row['id'])
  assert.deepEqual(kept(), ['owed'])
  isFailing = false
  await events.drain()
  events.start()
  await events.stop()
  assert.deepEqual(kept(), [])
  await close()
})

test('why a listener failed is said even when the disk takes nothing any more', async () => {
  const [folder, clock] = [await scratchFolder(), aClock()]
  const file = openSchoolFile(join(folder, 'school.sqlite'))
  const said: string[] = []
  const outbox = events({ file, clock, log: { ...silentLog, error: (message, error) => void said.push(`${message}: ${error}`) } })
  outbox.listen([
    {
      name: 'one',
      hears: ['thing.happened'],
      async hear() {
        await file.close()
        throw new Error('the provider said no')
      },
    },
  ])
  await tables({ file, outbox }).commit([], [happened('e1', '2026-11-22T10:00:00.000Z')])
  await assert.rejects(outbox.drain())
  assert.deepEqual([said.length, said[0]], [2, 'delivery failed: Error: the provider said no'])
  await rm(folder, { recursive: true })
})

test('a listener that has gone from the program leaves its deliveries to be seen, not lost', async () => {
  const { events, tables, pass, close } = await aStore()
  events.listen([{ name: 'old', hears: ['thing.happened'], hear: async () => {} }])
  await tables.commit([], [happened('e1', '2026-11-22T10:00:00.000Z')])
  events.listen([])
  for (let hour = 0; hour < 500; hour += 1) {
    await events.drain()
    pass(3600_000)
  }
  const [dead] = await events.deadLetters()
  assert.deepEqual([dead?.listener, dead?.reason], ['old', 'No listener is called old.'])
  await close()
})

test('deliveries that piled up are worked off faster than ten thousand in five minutes', async () => {
  const { events, tables, close } = await aStore()
  let heard = 0
  events.listen([
    {
      name: 'one',
      hears: ['thing.happened'],
      hear: async () => {
        heard += 1
      },
    },
  ])
  for (let batch = 0; batch < 6; batch += 1)
    await tables.commit(
      [],
      Array.from({ length: 100 }, (_, n) => happened(`e${batch}-${n}`, '2026-11-22T10:00:00.000Z')),
    )
  const began = performance.now()
  await events.drain()
  const perSecond = heard / ((performance.now() - began) / 1000)
  assert.equal(heard, 600)
  assert.ok(perSecond > 34, `${Math.round(perSecond)} a second`)
  await close()
})
