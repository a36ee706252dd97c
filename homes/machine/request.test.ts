import assert from 'node:assert/strict'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { Event } from '#ports/tables.ts'
import { startMailSandbox } from '#sandbox/mail.ts'
import { smtpMail } from '#vendors/mail/mail.ts'
import { during, requestNow } from '../during.ts'
import { events } from './events.ts'
import { fileLog } from './log.ts'
import { openSchoolFile } from './school-file.ts'
import { aClock, scratchFolder } from './scratch.fixture.ts'
import { aServedHome } from './served.fixture.ts'
import { tables } from './tables.ts'

const anEvent = (id: string, name: string): Event => ({ id, name, at: '2026-11-29T10:00:00.000Z', payload: {} })

test('A request’s id goes from what it tells to whoever hears, to what they tell in turn, to each line of the log and into a letter', async () => {
  const folder = await scratchFolder()
  const [clock, log, inbox] = [aClock(), fileLog(join(folder, 'school.log')), await startMailSandbox({ folder })]
  const mail = smtpMail({ url: inbox.smtpUrl, from: 'School <school@lectern.test>', requestNow })
  const file = openSchoolFile(join(folder, 'school.sqlite'))
  const outbox = events({ file, clock, log })
  const { commit } = tables({ file, outbox })
  outbox.listen([
    { name: 'first', hears: ['order.asked'], hear: async ({ id }) => void (await commit([], [anEvent(`${id}-2`, 'order.made')])) },
    {
      name: 'second',
      hears: ['order.made'],
      hear: async ({ id }) => {
        log.info('made', { event: id })
        await mail.send({ id, to: 'ada@lectern.test', subject: id, text: 'x', html: 'x' })
      },
    },
  ])
  await Promise.all(['req_1', 'req_2'].map((request) => during(request, () => commit([], [anEvent(`evt-${request}`, 'order.asked')]))))
  await commit([], [anEvent('evt-alone', 'order.asked')])
  while ((await outbox.drain()) > 0);
  const lines = (await readFile(join(folder, 'school.log'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const said = lines.map(({ level, request, event, msg }) => [level, request, event, msg]).toSorted()
  assert.deepEqual(said, [
    // Nobody has asked for it: the event it began with is its number.
    ['info', 'evt-alone', 'evt-alone-2', 'made'],
    ['info', 'req_1', 'evt-req_1-2', 'made'],
    ['info', 'req_2', 'evt-req_2-2', 'made'],
  ])
  assert.match(lines[0]?.time ?? '', /^\d{4}-\d\d-\d\dT/)
  const answer = await fetch(`${inbox.url}/sandbox/mail/api/messages?to=ada@lectern.test`)
  // The stand-in's own answer.
  const letters = (await answer.json()) as { id: string; subject: string }[]
  const letter = letters.find(({ subject }) => subject === 'evt-req_1-2')
  const page = await (await fetch(`${inbox.url}/sandbox/mail/messages/${letter?.id}?view=headers`)).text()
  assert.match(page.replaceAll(/<[^>]+>/g, ' '), /X-Request-Id\W+req_1\b/i)
  mail.close()
  await Promise.all([outbox.stop(), inbox.close()])
  await file.close()
  await rm(folder, { recursive: true })
})

test('A file that an older school has made gets room for it, and keeps its deliveries', async () => {
  const folder = await scratchFolder()
  const path = join(folder, 'school.sqlite')
  const older = new DatabaseSync(path)
  older.exec(`CREATE TABLE outbox (id TEXT PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL, payload TEXT NOT NULL) STRICT;
    CREATE TABLE deliveries (event TEXT NOT NULL REFERENCES outbox(id), listener TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
      due INTEGER NOT NULL, is_dead INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '', PRIMARY KEY (event, listener)) STRICT;
    INSERT INTO outbox VALUES ('evt-old', 'order.asked', '2026-11-01T00:00:00.000Z', '{}'); INSERT INTO deliveries (event, listener, due) VALUES ('evt-old', 'first', 0)`)
  older.close()
  const file = openSchoolFile(path)
  const outbox = events({ file, clock: aClock(), log: fileLog(join(folder, 'school.log')) })
  const heard: [string, string | undefined][] = []
  outbox.listen([{ name: 'first', hears: ['order.asked'], hear: async ({ id }) => void heard.push([id, requestNow()]) }])
  await outbox.drain()
  assert.deepEqual(heard, [['evt-old', 'evt-old']])
  await outbox.stop()
  await file.close()
  await rm(folder, { recursive: true })
})

test('Each answer of the program has its own number, the API’s among them', async () => {
  const { port, close } = await aServedHome({})
  const numbers = await Promise.all(
    ['/api/health', '/api/no-such', '/auth/.well-known/openid-configuration', '/.well-known/security.txt'].map(async (path) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`)
      await answer.text()
      return answer.headers.get('x-request-id') ?? ''
    }),
  )
  assert.ok(
    numbers.every((number) => /^req_\w+$/.test(number)),
    numbers.join(' '),
  )
  assert.equal(new Set(numbers).size, numbers.length)
  await close()
})
