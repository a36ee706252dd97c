import assert from 'node:assert/strict'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openEndpoint, REGION } from '#test/aws/endpoint.ts'
import { openS3 } from '#test/aws/s3.ts'
import { takingStream } from '../aws/carrying.ts'
import { objects as s3Objects, storeClient } from '../aws/objects.ts'
import { takingFile } from '../machine/carrying.ts'
import { randomIds, systemClock } from '../machine/clock.ts'
import { identity } from '../machine/identity.ts'
import { silentLog } from '../machine/log.ts'
import { objects as machineObjects } from '../machine/objects.ts'
import { aStore, scratchFolder } from '../machine/scratch.fixture.ts'
import { everyItem } from '../machine/tables.ts'
import { checkpointIn } from './checkpoint.ts'
import { moveSchool, planMove } from './move.ts'
import { aSchool, everything, once } from './school.fixture.ts'
import type { Side } from './side.ts'

const ids = randomIds(systemClock)
const secret = (): string => ids.secret(24)
const tell = (): void => {}
const type = 'text/plain'

/** Tables and people of a machine, which both kinds of side here have. */
const aHousehold = async (t: TestContext): Promise<Pick<Side, 'tables' | 'every' | 'identity' | 'onTheWay'> & { folder: string }> => {
  const { file, tables, close } = await aStore()
  const folder = await scratchFolder()
  const mail = { send: async () => {} }
  const people = await identity({
    folder: join(folder, 'people'),
    url: 'http://localhost:4600',
    clock: systemClock,
    ids,
    mail,
    log: silentLog,
    schoolName: 'School',
  })
  t.after(async () => {
    people.close()
    await close()
    await rm(folder, { recursive: true })
  })
  return { tables, every: everyItem(file.reader), identity: people, onTheWay: async () => ({ uploads: 0, events: 0, shelved: 0 }), folder }
}

const aMachine = async (t: TestContext): Promise<Side> => {
  const { folder, ...household } = await aHousehold(t)
  await mkdir(join(folder, 'store'))
  const objects = await machineObjects({ folder: join(folder, 'store'), url: 'http://localhost:4600', clock: systemClock })
  t.after(() => objects.close())
  return { ...household, objects, take: takingFile({ objects, folder: join(folder, 'store') }) }
}

/** A side whose objects are in S3. */
const aCloud = async (t: TestContext): Promise<Side> => {
  const [{ folder: _, ...household }, now] = [await aHousehold(t), systemClock.now]
  const endpoint = await openEndpoint({ services: [openS3({ buckets: { store: {}, uploads: {} }, now })], now })
  t.after(() => endpoint.close())
  const client = storeClient({ endpoint: endpoint.url, region: REGION, forcePathStyle: true, credentials: endpoint.credentials('operator') })
  t.after(() => client.destroy())
  const buckets = { store: 'store', uploads: 'uploads' }
  return { ...household, objects: s3Objects({ client, buckets, clock: systemClock }), take: takingStream({ client, buckets, partBytes: 5 * 1024 ** 2 }) }
}

const aCheckpoint = async (t: TestContext) => {
  const folder = await scratchFolder()
  t.after(() => rm(folder, { recursive: true }))
  return checkpointIn(join(folder, 'move.json'))
}

test('a school carried into the cloud and back has lost nothing, whatever its people are called there', async (t) => {
  const [home, cloud, back] = [await aMachine(t), await aCloud(t), await aMachine(t)]
  const { ada } = await aSchool(home)
  assert.deepEqual(await planMove({ from: home, to: cloud }), {
    ...{ people: 2, left: 0, items: 661, onTheWay: { uploads: 0, events: 0, shelved: 0 }, inTheWay: { people: 0, items: 0, objects: 0 } },
    objects: { count: 3, bytes: 17 * 1024 ** 2 + 13 },
  })
  assert.equal((await everything(cloud)).length, 0, 'a plan changes nothing')
  const checkpoint = await aCheckpoint(t)
  const there = await moveSchool({ from: home, to: cloud, checkpoint, secret, tell })
  const returned = await moveSchool({ from: cloud, to: back, checkpoint, secret, tell })
  assert.deepEqual([there.people, there.items.count, there.objects, returned.objects], [2, 661, returned.objects, there.objects])
  const again = await back.identity.findByEmail('ada@lectern.test')
  assert.ok(again && again.id !== ada)
  assert.deepEqual([again.name, again.roles, again.isDisabled], ['Name of ada@lectern.test', ['learner', 'admin'], false])
  assert.equal((await back.identity.findByEmail('bert@lectern.test'))?.isDisabled, true)
  const enrolment = (await everything(back)).find(({ pk }) => pk === `learner#${again.id}`)
  assert.deepEqual([enrolment?.body['learner'], enrolment?.body['nested'], enrolment?.index?.isk], [again.id, [{ of: [again.id] }], `2026#${again.id}`])
  assert.doesNotMatch(JSON.stringify(await everything(back)), new RegExp(ada))
  const { etag: _, ...meta } = (await back.objects.head('files/fil_1/content')) ?? assert.fail('it is there')
  assert.deepEqual(meta, { key: 'files/fil_1/content', size: 6, type: 'application/pdf', fileName: '../Übungsblatt №1 – 練習.pdf' })
})

test('a move that stops anywhere goes on where it was, and comes to the same', async (t) => {
  const [home, cloud] = [await aMachine(t), await aCloud(t)]
  await aSchool(home)
  const checkpoint = await aCheckpoint(t)
  let until = 0
  /** Does so much and then is cut off. */
  const fragile: Side = {
    ...cloud,
    tables: { commit: (...given) => cut(() => cloud.tables.commit(...given)) },
    take: (...given) => cut(() => cloud.take(...given)),
  }
  const cut = <T>(work: () => Promise<T>): Promise<T> => {
    until -= 1
    return until < 0 ? Promise.reject(new Error('cut off')) : work()
  }
  let attempts = 0
  for (let isDone = false; !isDone; attempts += 1) {
    until = 11
    try {
      const moved = await moveSchool({ from: home, to: fragile, checkpoint, secret, tell })
      assert.deepEqual([moved.people, moved.items.count, moved.objects.count], [2, 661, 3])
      isDone = true
    } catch (error) {
      assert.match(String(error), /cut off/)
    }
  }
  assert.ok(attempts >= 2, 'it was cut off')
  assert.equal(await checkpoint.read(), undefined)
})

test('a school is not moved upon another, and one that changes meanwhile is told of', async (t) => {
  const [home, cloud] = [await aMachine(t), await aCloud(t)]
  await aSchool(home)
  const checkpoint = await aCheckpoint(t)
  const write = (side: Side) => side.tables.commit([{ kind: 'put', key: { pk: 'school', sk: 'late' }, body: {} }])
  const busy: Side = {
    ...cloud,
    async take(...given) {
      await write(home)
      await cloud.take(...given)
    },
  }
  await assert.rejects(moveSchool({ from: home, to: busy, checkpoint, secret, tell }), /662 items here, 661 there; the items are not the same/)
  await checkpoint.clear()
  await assert.rejects(moveSchool({ from: home, to: cloud, checkpoint, secret, tell }), /a school already: 0 people of its own, 661 items and 3 objects/)
})

test('an object that does not arrive as it was stops the move', async (t) => {
  const [home, cloud] = [await aMachine(t), await aCloud(t)]
  await home.take('a', once(Buffer.from('as it was')), { type })
  const damaging: Side = { ...cloud, take: (key, _, options) => cloud.take(key, once(Buffer.from('as it is ')), options) }
  await assert.rejects(moveSchool({ from: home, to: damaging, checkpoint: await aCheckpoint(t), secret, tell }), /did not arrive as it was/)
})
