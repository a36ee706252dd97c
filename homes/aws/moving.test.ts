import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { cognito } from '#test/aws/cognito.ts'
import { dynamodb, noDynamodb } from '#test/aws/dynamodb.ts'
import { ACCOUNT, type Answer, type Ask, type Call, openEndpoint, REGION, type Service } from '#test/aws/endpoint.ts'
import { openS3 } from '#test/aws/s3.ts'
import { sqs } from '#test/aws/sqs.ts'
import { randomIds, systemClock } from '../machine/clock.ts'
import { machineSide } from '../machine/moving.ts'
import { openSchoolFile } from '../machine/school-file.ts'
import { scratchFolder } from '../machine/scratch.fixture.ts'
import { aSchool, digestOf, once } from '../move/school.fixture.ts'
import { makeTable } from './cloud.fixture.ts'
import { features } from './wiring.ts'

const LECTERN = join(import.meta.dirname, '..', '..', 'scripts', 'lectern.ts')
const { now } = systemClock

const aFolder = async (t: TestContext): Promise<string> => {
  const folder = await scratchFolder()
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A school in a folder, closed; what `work` makes of it. */
const inFolder = async <T>(folder: string, work: (side: Awaited<ReturnType<typeof machineSide>>) => Promise<T>): Promise<T> => {
  const options = { folder, clock: systemClock, ids: randomIds(systemClock), url: 'http://localhost:4600', schoolName: 'School', role: 'to' } as const
  const side = await machineSide(options)
  return work(side).finally(() => side.close())
}

const aHome = async (t: TestContext): Promise<string> => {
  const folder = await aFolder(t)
  await inFolder(folder, aSchool)
  return folder
}

/** `asked` is told of every call and may refuse it; `answered` may alter what S3 says. */
type Hooks = { asked?: (ask: Ask) => boolean; answered?: (call: Call, answer: Answer) => Answer }

/** An unused home on AWS, and the verb for a folder and it. */
const aCloud = async (t: TestContext) => {
  const hooks: Hooks = {}
  const s3 = openS3({ buckets: { store: {}, uploads: {} }, now })
  const store: Service = { ...s3, answer: async (call) => (hooks.answered ?? ((_, answer) => answer))(call, await s3.answer(call)) }
  const pool = await cognito({ now })
  const queues = sqs({ now })
  for (const { name } of features) queues.make({ QueueName: `lectern-test-${name}` })
  const allows = (_principal: string, ask: Ask): boolean => hooks.asked?.(ask) ?? true
  const endpoint = await openEndpoint({ services: [await dynamodb({ now }), store, pool.service, queues], now, allows })
  t.after(() => endpoint.close())
  const client = new DynamoDBClient({ endpoint: endpoint.url, region: REGION, credentials: endpoint.credentials('owner') })
  await makeTable(client)
  client.destroy()
  const { accessKeyId, secretAccessKey } = endpoint.credentials('owner')
  const variables = {
    ...{ AWS_ENDPOINT_URL: endpoint.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: REGION },
    // Nobody listens there: the school is closed.
    ...{ LECTERN_URL: 'http://localhost:9', TABLE_NAME: 'lectern-test', STORE_BUCKET: 'store', UPLOAD_BUCKET: 'uploads' },
    ...{ QUEUES_URL: `${endpoint.url}/${ACCOUNT}/lectern-test-`, USER_POOL_ID: pool.poolId, USER_POOL_CLIENT_ID: pool.clientId },
    USER_POOL_DOMAIN: 'https://login.example',
  }
  const started = (folder: string, ...words: string[]) => {
    const ended = Promise.withResolvers<{ code: number | null; signal: string | null; said: string }>()
    const env = { ...process.env, ...variables, LECTERN_DATA: folder }
    const child = execFile(process.execPath, [LECTERN, 'move', ...words], { env }, (_error, output, errors) =>
      ended.resolve({ code: child.exitCode, signal: child.signalCode, said: output + errors }),
    )
    return { child, ended: ended.promise }
  }
  return { hooks, queues, pool, endpoint, started, say: (folder: string, ...words: string[]) => started(folder, ...words).ended }
}

const skip = noDynamodb === undefined ? {} : { skip: noDynamodb }

test('an owner carries a school to AWS, is refused a second time, and carries it back: it is the same school', skip, async (t) => {
  const [folder, back, { say }] = [await aHome(t), await aFolder(t), await aCloud(t)]
  const before = await inFolder(folder, digestOf)
  const dry = await say(folder, '--to', 'aws', '--dry-run')
  assert.match(dry.said, /People +2[\s\S]*Items +661[\s\S]*Objects +3, 18 MB[\s\S]*passwords[\s\S]*Nothing was changed/)
  assert.equal(dry.code, 0)
  const there = await say(folder, '--to', 'aws')
  assert.deepEqual([there.code, /The school has moved/.test(there.said)], [0, true], there.said)
  assert.match(there.said, /objects +█+ 100 % +18 MB of 18 MB/)
  assert.equal(await inFolder(folder, digestOf), before, 'where it came from nothing has changed')
  const again = await say(folder, '--to', 'aws')
  assert.deepEqual([again.code, /There is a school already: 0 people of its own, 661 items and 3 objects/.test(again.said)], [1, true], again.said)
  const returned = await say(back, '--to', 'machine')
  assert.equal(returned.code, 0, returned.said)
  assert.equal(await inFolder(back, digestOf), before)
  assert.deepEqual(
    (await readdir(back)).filter((name) => name.startsWith('moving')),
    [],
  )
})

test('a move that is killed among people, items and objects goes on where it was', skip, async (t) => {
  const [folder, back, { hooks, pool, started, say }] = [await aHome(t), await aFolder(t), await aCloud(t)]
  const before = await inFolder(folder, digestOf)
  /** Runs it until that has been asked so often, and kills it there and then. */
  const killedAt = async (action: string, times: number, ...words: string[]): Promise<void> => {
    const { child, ended } = started(folder, '--to', 'aws', ...words)
    let count = 0
    hooks.asked = (ask) => {
      if (ask.action === action) count += 1
      // What it died at does not happen.
      if (count >= times) child.kill('SIGKILL')
      return count < times
    }
    const { signal, said } = await ended
    delete hooks.asked
    assert.equal(signal, 'SIGKILL', said)
  }
  await killedAt('cognito-idp:AdminSetUserPassword', 1)
  const careless = await say(folder, '--to', 'aws')
  assert.deepEqual([careless.code, /begun and not ended. Go on with --resume/.test(careless.said)], [1, true], careless.said)
  await killedAt('dynamodb:UpdateItem', 9, '--resume')
  await killedAt('s3:PutObject', 2, '--resume')
  const { code, said } = await say(folder, '--to', 'aws', '--resume')
  assert.equal(code, 0, said)
  const statuses = ['ada', 'bert'].map((each) => pool.users.get(`${each}@lectern.test`).status)
  assert.deepEqual(statuses, ['CONFIRMED', 'CONFIRMED'], 'nobody is left half made, who could not choose a new password')
  assert.equal((await say(back, '--to', 'machine')).code, 0)
  assert.equal(await inFolder(back, digestOf), before)
})

test('an object that arrives damaged stops the move, and arrives at the next try', skip, async (t) => {
  const [folder, { hooks, say }] = [await aHome(t), await aCloud(t)]
  hooks.answered = (call, answer) => {
    const isIt = call.method === 'GET' && call.url.pathname.endsWith('/files/fil_1/content') && call.headers.range !== undefined
    return isIt ? { ...answer, body: Buffer.from('a fils') } : answer
  }
  const { code, said } = await say(folder, '--to', 'aws')
  assert.deepEqual([code, /files\/fil_1\/content did not arrive as it was/.test(said)], [1, true], said)
  delete hooks.answered
  assert.equal((await say(folder, '--to', 'aws', '--resume')).code, 0)
})

test('a school that is open, somebody else’s, or has not been heard by everybody is not moved', skip, async (t) => {
  const [folder, { queues, say, endpoint }] = [await aHome(t), await aCloud(t)]
  const file = openSchoolFile(join(folder, 'school.sqlite'))
  const open = await say(folder, '--to', 'aws').finally(() => file.close())
  assert.deepEqual([open.code, /is open. Stop it/.test(open.said)], [1, true], open.said)
  const none = await say(await aFolder(t), '--to', 'aws')
  assert.deepEqual([none.code, /There is no school in/.test(none.said)], [1, true], none.said)
  assert.equal((await say(folder, '--to', 'the-moon')).code, 2)

  const other = await aFolder(t)
  await inFolder(other, (side) => side.identity.create({ email: 'other@lectern.test', name: 'Other', password: 'four quiet words here', roles: ['admin'] }))
  queues.deliver(`arn:aws:sqs:${REGION}:${ACCOUNT}:lectern-test-${features[0]?.name}`, '{}')
  const unheard = await say(other, '--to', 'machine')
  assert.deepEqual([unheard.code, /There is a school already: 1 people of its own/.test(unheard.said)], [1, true], unheard.said)
  const fresh = await aFolder(t)
  const waits = await say(fresh, '--to', 'machine')
  assert.deepEqual([waits.code, /1 events have not been heard by everybody/.test(waits.said)], [1, true], waits.said)
  assert.equal((await say(fresh, '--to', 'machine', '--leave-events')).code, 0)
  assert.deepEqual(endpoint.refused, [])
})

test('what an unused home has written by itself gives way; uploads that are not finished stay behind and are told of', skip, async (t) => {
  const [folder, back, { say }] = [await aHome(t), await aFolder(t), await aCloud(t)]
  await inFolder(back, async (side) => {
    await side.tables.commit([{ kind: 'put', key: { pk: 'swept#refunds', sk: 'until' }, body: { until: 'now' } }])
    await side.take('recipes/old.json', once(Buffer.from('{}')), { type: 'application/json' })
  })
  const before = await inFolder(folder, async (side) => {
    // The machine's own objects know of uploads; a side of a move has no need of them.
    assert.ok('startUpload' in side.objects && typeof side.objects.startUpload === 'function')
    await side.objects.startUpload('sources/vid_2/original.mp4', { type: 'video/mp4' })
    return digestOf(side)
  })
  const { code, said } = await say(folder, '--to', 'aws')
  assert.deepEqual([code, /1 uploads that are not finished/.test(said)], [0, true], said)
  assert.equal((await say(back, '--to', 'machine')).code, 0)
  assert.equal(await inFolder(back, digestOf), before)
})
