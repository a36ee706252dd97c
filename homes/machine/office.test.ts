import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { event, listeners } from '#core/events.ts'
import { hearings } from '#core/platform.ts'
import type { Alert } from '#ports/alerts.ts'
import { openSchool } from '#test/school.ts'
import { notMeasured } from '../metrics/catalogue.ts'
import { randomIds, systemClock } from './clock.ts'
import { events } from './events.ts'
import { silentLog } from './log.ts'
import { office } from './office.ts'
import { isOfTheOffice } from './office-listeners.ts'
import { openSchoolFile } from './school-file.ts'
import { scratchFolder } from './scratch.fixture.ts'
import { tables } from './tables.ts'

const ids = randomIds(systemClock)

/** A school's file, whoever serves it, and an office beside it; `told` is the next alert. */
const anOffice = async (t: TestContext, script?: URL) => {
  const folder = await scratchFolder()
  const path = join(folder, 'school.sqlite')
  const file = openSchoolFile(path)
  const outbox = events({ file, clock: systemClock, log: silentLog, share: { tells: (listener) => !isOfTheOffice(listener), wakeOthers: () => back.wake() } })
  const { world } = await openSchool()
  outbox.listen(listeners(world, hearings))
  const alerts: Alert[] = []
  const first = Promise.withResolvers<Alert>()
  const nobody = async (): Promise<never> => Promise.reject(new Error('Nobody is asked for here.'))
  const tell = async (alert: Alert): Promise<void> => {
    alerts.push(alert)
    first.resolve(alert)
  }
  const back = office({
    data: {
      ...{ path, settings: world.settings, mail: { url: 'smtp://127.0.0.1:9', from: 'School <school@lectern.test>' } },
      payments: { secretKey: 'sk_test_office', webhookSecrets: [], apiUrl: 'http://127.0.0.1:9' },
      isMeasured: true,
    },
    ...{
      file,
      log: silentLog,
      measure: notMeasured,
      reach: { find: nobody, findByEmail: nobody, list: nobody, send: nobody, tell },
      wakeHere: outbox.look,
      ...(script && { script }),
    },
  })
  t.after(async () => {
    await back.stop()
    await outbox.stop()
    await file.close()
    await rm(folder, { recursive: true })
  })
  const hold = (order: string) => tables({ file, outbox }).commit([], [event({ clock: systemClock, ids }, 'order.held', { order, reason: 'It is too little' })])
  return { hold, back, outbox, told: first.promise, alerts }
}

test('What happens to money is worked off by the office, and by nobody else', async (t) => {
  const { hold, back, outbox, told, alerts } = await anOffice(t)
  outbox.start()
  await hold('ord_1')
  assert.equal(await outbox.drain(), 0)
  assert.deepEqual(alerts, [])
  back.start()
  assert.equal((await told).subject, 'Order ord_1 is held')
})

test('The office hears at once of what is committed while it is open', async (t) => {
  const { hold, back, told } = await anOffice(t)
  back.start()
  await hold('ord_2')
  assert.equal((await told).subject, 'Order ord_2 is held')
})

test('An office that breaks down is begun again, and tells what it was telling', async (t) => {
  const { hold, back, told } = await anOffice(t, new URL('./office-thread.fixture.ts', import.meta.url))
  back.start()
  await hold('ord_3')
  assert.equal((await told).subject, 'Order ord_3 is held')
})

test('The office works for features of money and letters, each of whose listeners there is', () => {
  const names = hearings.map(({ name }) => name).filter(isOfTheOffice)
  for (const name of ['payments.process', 'receipts.issue', 'notices.receipt', 'notices.welcome', 'offers.count-paid', 'memberships.close'])
    assert.ok(names.includes(name), name)
  for (const name of ['media.package', 'courses.write-published', 'offers.write', 'series.begin']) assert.ok(!names.includes(name), name)
})
