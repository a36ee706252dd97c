import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import type { SQSEvent } from 'aws-lambda'
import { eventsLaws } from '#ports/events.laws.ts'
import type { Listener } from '#ports/events.ts'
import type { Event } from '#ports/tables.ts'
import { noDynamodb } from '#test/aws/dynamodb.ts'
import { silentLog } from '../machine/log.ts'
import { aStore, type Cloud } from './cloud.fixture.ts'
import { hear } from './events.ts'

const happened = (id: string): Event => ({ id, name: 'thing.happened', at: '2026-11-22T10:00:00.000Z', payload: { id } })
const HOUR_MS = 3600_000

/** What Lambda is given for messages of these bodies. */
const batch = (...bodies: string[]): SQSEvent => ({
  Records: bodies.map((body, at) => ({
    messageId: `m${at}`,
    receiptHandle: `r${at}`,
    body,
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: '0', SenderId: 'x', ApproximateFirstReceiveTimestamp: '0' },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:111122223333:q',
    awsRegion: 'eu-central-1',
  })),
})
const said = (listener: string, event: string): string => JSON.stringify({ listener, event })
const hearingOf = (cloud: Cloud, listeners: readonly Listener[]) => hear({ ...cloud, listeners, log: silentLog, random: () => 0 })

const opened = async (t: TestContext) => {
  const store = await aStore()
  t.after(() => store.close())
  return store
}

if (noDynamodb) test('events (aws): every law', { skip: noDynamodb }, () => {})
else {
  eventsLaws('aws', () => aStore())

  test('differs from the machine: a new listener hears what was still on its way when it was deployed', async (t) => {
    const { tables, events, cloud } = await opened(t)
    const heard: string[] = []
    const late: Listener = { name: 'late', hears: ['thing.happened'], hear: async ({ id }) => void heard.push(id) }
    await tables.commit([], [happened('e1')])
    cloud.deploy([late])
    events.listen([late])
    await events.drain()
    assert.deepEqual(heard, ['e1'])
  })

  test('differs from the machine: what a crash interrupted is heard once the queue shows it again, and no sooner', async (t) => {
    const { tables, events, cloud, pass } = await opened(t)
    events.listen([{ name: 'one', hears: ['thing.happened'], hear: async () => {} }])
    await tables.commit([], [happened('e1')])
    await cloud.stream.pump()
    await cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl: `${cloud.queuesUrl}one` }))
    assert.equal(await events.drain(), 0)
    pass(60_000)
    assert.equal(await events.drain(), 1)
  })

  test('of a batch, only what failed comes again', async (t) => {
    const { cloud, tables } = await opened(t)
    const heard: string[] = []
    const hearing = async ({ id }: Event): Promise<void> => {
      if (id === 'e2') throw new Error('not today')
      heard.push(id)
    }
    cloud.deploy([{ name: 'media.probe', hears: ['thing.elsewhere'], hear: hearing }])
    await tables.commit([], [happened('e1'), happened('e2'), happened('e3')])
    const answered = await hearingOf(cloud, [{ name: 'media.probe', hears: [], hear: hearing }])(
      batch(said('media.probe', 'e1'), said('media.probe', 'e2'), 'no message of ours', said('media.probe', 'unknown'), said('media.probe', 'e3')),
    )
    assert.deepEqual(heard, ['e1', 'e3'])
    assert.deepEqual(answered.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort(), ['m1', 'm2', 'm3'])
  })

  test('a listener is told as many things at once as it bears, and others are not kept waiting for it', async (t) => {
    const { cloud, tables } = await opened(t)
    const ids = Array.from({ length: 8 }, (_, n) => `e${n}`)
    await tables.commit([], ids.map(happened))
    const most: Record<string, number> = {}
    const listener = (name: string, atOnce?: number): Listener => {
      let now = 0
      const hearing = async (): Promise<void> => {
        now += 1
        most[name] = Math.max(most[name] ?? 0, now)
        await new Promise(setImmediate)
        now -= 1
      }
      return { name, hears: [], hear: hearing, ...(atOnce !== undefined && { atOnce }) }
    }
    const bodies = ids.flatMap((id) => [said('one', id), said('few', id)])
    assert.deepEqual(await hearingOf(cloud, [listener('one', 1), listener('few')])(batch(...bodies)), { batchItemFailures: [] })
    assert.equal(most['one'], 1)
    assert.ok((most['few'] ?? 0) <= 4)
  })

  test('a listener that has gone from the program leaves its deliveries to be seen, not lost', async (t) => {
    const { events, tables, cloud, pass } = await opened(t)
    events.listen([{ name: 'old', hears: ['thing.happened'], hear: async () => {} }])
    await tables.commit([], [happened('e1')])
    await cloud.stream.pump()
    events.listen([])
    for (let hour = 0; hour < 200; hour += 1) {
      await events.drain()
      pass(HOUR_MS)
    }
    const [dead] = await events.deadLetters()
    assert.deepEqual([dead?.listener, dead?.reason, dead?.event], ['old', 'No listener is called old.', happened('e1')])
  })

  test('what crashes the function every time ends in the queue of the dead, and holds up nothing else', async (t) => {
    const { events, tables, cloud, pass } = await opened(t)
    events.listen([{ name: 'one', hears: ['thing.happened'], hear: async () => {} }])
    await tables.commit([], [happened('e1')])
    await cloud.stream.pump()
    cloud.queues.deliver('arn:aws:sqs:eu-central-1:111122223333:lectern-test-one', 'nothing of ours')
    for (let minute = 0; minute < 60; minute += 1) {
      await events.drain()
      pass(61_000)
    }
    assert.deepEqual([cloud.queues.bodies('lectern-test-one'), cloud.queues.bodies('lectern-test-one-dead')], [[], ['nothing of ours']])
    assert.deepEqual(await events.deadLetters(), [])
  })

  test('a delivery given up twice, because nobody lived to delete its message, is shelved and told of once', async (t) => {
    const { events, tables, cloud } = await opened(t)
    const told: string[] = []
    const listeners: Listener[] = [
      { name: 'bad', hears: ['thing.elsewhere'], hear: () => Promise.reject(new Error('never')) },
      { name: 'teller', hears: ['delivery.given-up'], hear: async ({ id }) => void told.push(id) },
    ]
    events.listen(listeners)
    await tables.commit([], [happened('e1')])
    const late = batch(said('bad', 'e1'))
    for (const { attributes } of late.Records) attributes.ApproximateReceiveCount = '31'
    for (const _ of [1, 2]) assert.deepEqual(await hearingOf(cloud, listeners)(late), { batchItemFailures: [] })
    await events.drain()
    assert.deepEqual([(await events.deadLetters()).length, told.length], [1, 1])
    const { Item } = await cloud.client.send(new GetItemCommand({ TableName: cloud.table, Key: { pk: { S: 'event#e1' }, sk: { S: 'event' } } }))
    assert.deepEqual([Item?.['id']?.S, Item?.['ttl']], ['e1', undefined], 'what a dead letter tells of is not forgotten')
  })
}
