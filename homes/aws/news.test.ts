import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { TranscodeNews } from '#ports/transcoder.ts'
import { ACCOUNT, openEndpoint, REGION } from '#test/aws/endpoint.ts'
import { poller } from '#test/aws/poller.ts'
import { queueArn, sqs } from '#test/aws/sqs.ts'
import { openSchool } from '#test/school.ts'
import { aClock } from '../machine/scratch.fixture.ts'
import { hearNews, isNews } from './news.ts'

const QUEUE = 'lectern-test-transcoder'
const VISIBILITY_SECONDS = 960

const envelope = (source: string, detail: object, type = 'News'): string =>
  JSON.stringify({
    version: '0',
    id: 'evt',
    'detail-type': type,
    source,
    account: ACCOUNT,
    time: '2026-11-22T10:00:00Z',
    region: REGION,
    resources: [],
    detail,
  })

/** A queue of AWS's own news, and who takes it. `tellsOf` answers what a job's event is to the school. */
const opened = async (t: TestContext, tellsOf: () => TranscodeNews | undefined = () => undefined) => {
  const school = await openSchool()
  const clock = aClock()
  const queues = sqs({ now: clock.now })
  queues.make({ QueueName: QUEUE, VisibilityTimeout: VISIBILITY_SECONDS })
  const endpoint = await openEndpoint({ services: [queues], now: () => new Date() })
  t.after(async () => {
    await endpoint.close()
    await school.close()
  })
  const client = new SQSClient({ endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials('events') })
  const joined: unknown[] = []
  const hear = async (event: unknown, at: string): Promise<void> => void joined.push({ event, at })
  const queuesUrl = `${endpoint.url}/${ACCOUNT}/lectern-test-`
  const invoke = hearNews({ world: school.world, transcoder: { newsOf: async () => tellsOf() }, identity: { hear }, sqs: client, queuesUrl, random: () => 1 })
  const poll = poller({ properties: { FunctionResponseTypes: ['ReportBatchItemFailures'] }, client, queueUrl: `${queuesUrl}transcoder`, invoke })
  const turn = async (): Promise<number> => {
    const batch = await poll()
    await batch?.over
    return batch?.records ?? 0
  }
  return {
    ...school,
    clock,
    queues,
    joined,
    turn,
    tell: (source: string, detail: object, type?: string) => queues.deliver(queueArn(QUEUE), envelope(source, detail, type)),
  }
}

const toldBy = ({ database }: { database: import('node:sqlite').DatabaseSync }): unknown[] =>
  database
    .prepare(`SELECT name FROM outbox WHERE name LIKE 'transcode.%'`)
    .all()
    .map(({ name }) => name)

test('News of a job is told to the school once, however often AWS tells it; what is nothing to it is let go', async (t) => {
  const news: TranscodeNews = { kind: 'failed', job: 'job_1', video: 'vid_1', fault: 'undecodable', detail: 'MediaConvert 1030' }
  const school = await opened(t, () => news)
  school.tell('aws.mediaconvert', { status: 'ERROR' })
  school.tell('aws.mediaconvert', { status: 'ERROR' })
  school.tell('aws.s3', { object: { key: 'sources/vid_1' } })
  assert.equal(await school.turn(), 3)
  assert.deepEqual([toldBy(school), school.queues.bodies(QUEUE)], [['transcode.failed'], []])
})

test('Somebody who has confirmed an address is made known to the directory', async (t) => {
  const school = await opened(t)
  school.tell('lectern.sign-up', { userName: 'ada' })
  await school.turn()
  assert.deepEqual(school.joined, [{ event: { userName: 'ada' }, at: '2026-11-22T10:00:00Z' }])
})

test('What cannot be taken comes again soon, by itself, and holds up nothing beside it', async (t) => {
  const faults = ['MediaConvert is away', 'and still']
  const school = await opened(t, () => {
    const fault = faults.shift()
    if (fault !== undefined) throw new Error(fault)
    return undefined
  })
  school.tell('aws.mediaconvert', {})
  school.tell('lectern.sign-up', { userName: 'ada' })
  await school.turn()
  assert.deepEqual([school.joined.length, school.queues.bodies(QUEUE).length], [1, 1])
  for (const left of [1, 0]) {
    assert.equal(await school.turn(), 0, 'it rests')
    school.clock.pass(1000)
    assert.equal(await school.turn(), 1)
    assert.equal(school.queues.bodies(QUEUE).length, left)
  }
})

const idsOf = ({ database }: { database: import('node:sqlite').DatabaseSync }, name: string): unknown[] =>
  database
    .prepare('SELECT id FROM outbox WHERE name = ?')
    .all(name)
    .map(({ id }) => id)

test('What a program tells the content bus is told to the school once, and what it cannot mean ends among the dead letters', async (t) => {
  const school = await opened(t)
  const news = { run: 'run_1', attempt: 2, findings: [] }
  school.tell('lectern.content', news, 'draft.refused')
  school.tell('lectern.content', news, 'draft.refused')
  school.tell('lectern.content', { run: 'run_2' }, 'draft.refused')
  school.tell('lectern.content', news, 'draft.burnt')
  await school.turn()
  assert.deepEqual([idsOf(school, 'draft.refused'), school.queues.bodies(QUEUE).length], [['run_1.2.draft.refused'], 2])
})

test('A container that ended badly is told of once, and one that ended well not at all', async (t) => {
  const school = await opened(t)
  const ended = (id: string, exitCode: number) => ({
    ...{ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', containers: [{ name: 'writer', exitCode }] },
    overrides: {
      containerOverrides: [
        {
          name: 'writer',
          environment: [
            { name: 'RUN', value: 'run_1' },
            { name: 'TASK_ID', value: id },
          ],
        },
      ],
    },
  })
  for (const [id, code] of [
    ['run_1.1.writer', 1],
    ['run_1.1.writer', 1],
    ['run_1.2.writer', 0],
  ] as const)
    school.tell('aws.ecs', ended(id, code), 'ECS Task State Change')
  await school.turn()
  assert.deepEqual([idsOf(school, 'task.ended'), school.queues.bodies(QUEUE)], [['run_1.1.writer.ended'], []])
})

test('News nobody here knows, or that is none, stays in the queue until it ends among its dead letters', async (t) => {
  const school = await opened(t)
  school.tell('aws.ec2', {})
  school.queues.deliver(queueArn(QUEUE), 'no JSON')
  await school.turn()
  assert.equal(school.queues.bodies(QUEUE).length, 2)
})

test('A message for a listener is no news', () => {
  const record = (body: string) => ({ body }) as Parameters<typeof isNews>[0] // Only its body is looked at.
  assert.deepEqual(
    ['{"listener":"media.probe","event":"evt_1"}', 'no JSON', envelope('aws.s3', {})].map((body) => isNews(record(body))),
    [false, false, true],
  )
})
