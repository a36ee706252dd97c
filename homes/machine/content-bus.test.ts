import assert from 'node:assert/strict'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { BusNews } from '#core/series/bus.ts'
import { tellBusNews } from '#core/series/news.ts'
import type { Log } from '#ports/log.ts'
import { openSchool } from '#test/school.ts'
import { openSpool, type Spool, spoolTell } from './content-bus.ts'
import { silentLog } from './log.ts'
import { aClock, scratchFolder } from './scratch.fixture.ts'
import { until } from './tasks.fixture.ts'

const refused = (run: string): BusNews => ({ type: 'draft.refused', detail: { run, attempt: 1, findings: [] } })

/** A bus in a folder of its own, with whoever has been heard. */
const aBus = async (t: TestContext) => {
  const folder = await scratchFolder()
  const clock = aClock()
  const opened: Spool[] = []
  t.after(async () => {
    for (const each of opened) await each.close()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    folder,
    clock,
    tell: spoolTell(folder, clock),
    messages: async () => (await readdir(folder)).filter((name) => name.endsWith('.json')),
    async open(hear: (news: BusNews) => Promise<void>, log: Log = silentLog): Promise<Spool> {
      const spool = await openSpool({ folder, hear, log })
      opened.push(spool)
      return spool
    },
  }
}

test('what a program tells while the school sleeps is heard when it wakes, in the order in which it was told', async (t) => {
  const bus = await aBus(t)
  for (const run of ['run_1', 'run_2', 'run_3']) {
    await bus.tell(refused(run))
    bus.clock.pass(1)
  }
  const heard: string[] = []
  const spool = await bus.open(async ({ detail }) => void heard.push(detail.run))
  assert.deepEqual(heard, [], 'nobody is heard before the school is open')
  spool.begin()
  await until(() => heard.length === 3, 'all are heard')
  assert.deepEqual(heard, ['run_1', 'run_2', 'run_3'])
  await until(async () => (await bus.messages()).length === 0, 'nothing is left')
  await bus.tell(refused('run_4'))
  await until(() => heard.length === 4, 'what comes later is heard as well')
})

test('a message outlives a school that dies over it, and what is heard twice changes nothing', async (t) => {
  const [bus, school] = [await aBus(t), await openSchool()]
  t.after(school.close)
  await bus.tell(refused('run_1'))
  let heard = 0
  const first = await bus.open(async (news) => {
    await tellBusNews(school.world, news)
    heard += 1
    throw new Error('The process is gone, and the message is still there.')
  })
  first.begin()
  await until(() => heard > 0, 'it is heard once')
  await first.close()
  assert.equal((await bus.messages()).length, 1)
  const second = await bus.open((news) => tellBusNews(school.world, news))
  second.begin()
  await until(async () => (await bus.messages()).length === 0, 'it is heard again')
  const told = school.database.prepare(`SELECT id FROM outbox WHERE name = 'draft.refused'`).all()
  assert.equal(told.length, 1)
})

test('a message that cannot be read is set aside, said to the log, and holds up nothing behind it', async (t) => {
  const bus = await aBus(t)
  await writeFile(join(bus.folder, '000000000000001-a.json'), '{"type":"draft.re')
  await writeFile(join(bus.folder, '000000000000002-b.json'), JSON.stringify({ type: 'grade.changed', detail: {} }))
  await writeFile(join(bus.folder, '000000000000003-c.json'), JSON.stringify({ type: 'draft.refused', detail: { run: 7 } }))
  await bus.tell(refused('run_1'))
  const [heard, said]: [string[], string[]] = [[], []]
  const spool = await bus.open(async ({ detail }) => void heard.push(detail.run), { ...silentLog, error: (message) => void said.push(message) })
  spool.begin()
  await until(() => heard.length === 1, 'the good one is heard')
  assert.deepEqual((await readdir(join(bus.folder, 'unreadable'))).length, 3)
  assert.deepEqual([...new Set(said)], ['a message of the content bus cannot be read'])
  assert.deepEqual(heard, ['run_1'])
})

test('a message that is still being written is nobody’s yet', async (t) => {
  const bus = await aBus(t)
  await writeFile(join(bus.folder, '000000000000001-a.json.part'), '{"type":')
  await bus.tell(refused('run_1'))
  const heard: string[] = []
  const spool = await bus.open(async ({ detail }) => void heard.push(detail.run))
  spool.begin()
  await until(() => heard.length === 1, 'the whole one is heard')
  await spool.close()
  assert.deepEqual([heard, (await readdir(bus.folder)).filter((name) => name.endsWith('.part')).length], [['run_1'], 1])
})

test('one that nobody can take holds up no other, and is told again', async (t) => {
  const bus = await aBus(t)
  await bus.tell(refused('run_1'))
  bus.clock.pass(1)
  await bus.tell(refused('run_2'))
  const heard: string[] = []
  const hear = async ({ detail: { run } }: BusNews): Promise<void> => {
    heard.push(run)
    if (run === 'run_1' && heard.length < 3) throw new Error('Not now.')
  }
  const spool = await bus.open(hear)
  spool.begin()
  await until(async () => (await bus.messages()).length === 0, 'both are taken')
  assert.deepEqual([heard.slice(0, 2), heard.filter((run) => run === 'run_1').length >= 2], [['run_1', 'run_2'], true])
})
