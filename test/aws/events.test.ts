import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { PIPE } from '#homes/aws/routes.ts'
import { openEndpoint, REGION } from './endpoint.ts'
import { busArn, events, inputFor, type RuleProperties, type Target } from './events.ts'
import { pipe } from './pipe.ts'

const target = (more: Partial<Target> = {}): Target => ({ Id: 't', Arn: 'arn:queue', ...more })
const rule = (EventPattern: Record<string, unknown>, more: Partial<RuleProperties> = {}): RuleProperties => ({
  Name: 'r',
  EventBusName: 'school',
  EventPattern,
  Targets: [target()],
  ...more,
})

const opened = async (t: TestContext, rules: RuleProperties[]) => {
  const sent: [arn: string, input: string][] = []
  const deliver = (arn: string, input: string): void => {
    if (arn === 'arn:gone') throw new Error('no such queue')
    sent.push([arn, input])
  }
  const bus = events({ buses: ['school', 'default'], rules, now: () => new Date('2026-11-22T10:00:00Z'), deliver })
  const asked: string[] = []
  const allows = (_: string, { action, resource }: { action: string; resource: string }): boolean => asked.push(`${action} ${resource}`) > 0
  const endpoint = await openEndpoint({ services: [bus], now: () => new Date(), allows })
  t.after(() => endpoint.close())
  const client = new EventBridgeClient({ endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials('api') })
  return { sent, bus, client, asked }
}
const entry = (detail: string, more = {}) => ({ EventBusName: 'school', Source: 'lectern', DetailType: 'video.ready', Detail: detail, ...more })

test('an event goes to the targets of each rule that it matches, on its bus only', async (t) => {
  const rules = [
    rule({ 'detail-type': ['video.ready'] }),
    rule({ 'detail-type': ['video.ready'] }, { EventBusName: 'default' }),
    rule({ 'detail-type': ['video.ready'] }, { State: 'DISABLED' }),
    rule({ source: ['aws.s3'] }, { Targets: [target({ Arn: 'arn:upload' })], EventBusName: 'default' }),
  ]
  const { sent, bus, client, asked } = await opened(t, rules)
  await client.send(new PutEventsCommand({ Entries: [entry('{"id":"e1"}')] }))
  await bus.tell({ source: 'aws.s3', 'detail-type': 'Object Created', detail: { object: { key: 'a b' } } })
  assert.deepEqual(
    sent.map(([arn]) => arn),
    ['arn:queue', 'arn:upload'],
  )
  assert.deepEqual(JSON.parse(sent[0]?.[1] ?? '{}').detail, { id: 'e1' })
  assert.deepEqual(asked, [`events:PutEvents ${busArn('school')}`])
})

test('an entry that cannot be taken is told of in a good answer, and the others are taken', async (t) => {
  const { sent, client } = await opened(t, [rule({ source: ['lectern'] })])
  const Entries = [
    entry('{}'),
    entry('no json'),
    entry('{}', { Source: 'aws.s3' }),
    entry('{}', { EventBusName: 'other' }),
    entry('{}', { DetailType: undefined }),
  ]
  const answered = await client.send(new PutEventsCommand({ Entries }))
  assert.equal(answered.FailedEntryCount, 4)
  assert.deepEqual(
    answered.Entries?.map(({ ErrorCode }) => ErrorCode),
    [undefined, 'MalformedDetail', 'NotAuthorizedForSourceException', 'ResourceNotFoundException', 'InvalidArgument'],
  )
  assert.equal(sent.length, 1)
  await assert.rejects(client.send(new PutEventsCommand({ Entries: Array.from({ length: 11 }, () => entry('{}')) })))
})

test('a target that takes nothing leaves the event to its queue of the dead, or it is lost', async (t) => {
  const Targets = [target({ Arn: 'arn:gone' }), target({ Arn: 'arn:gone', DeadLetterConfig: { Arn: 'arn:dead' } }), target()]
  const { sent, bus } = await opened(t, [rule({ source: ['lectern'] }, { Targets })])
  await bus.tell({ source: 'lectern', 'detail-type': 'x', detail: {} }, 'school')
  assert.deepEqual(sent.map(([arn]) => arn).sort(), ['arn:dead', 'arn:queue'])
  assert.deepEqual(
    bus.lost.map(({ rule: name, target: arn }) => [name, arn]),
    [['r', 'arn:gone']],
  )
})

test('a target is sent what its transformer makes of the event', () => {
  const event = {
    version: '0',
    id: 'i',
    'detail-type': 'x',
    source: 's',
    account: 'a',
    time: 't',
    region: 'r',
    resources: [],
    detail: { id: 'e"1', n: 5, deep: { list: [{ k: 'v' }] } },
  } as const
  const made = (more: Partial<Target>): string => inputFor(rule({}), target(more), { ...event, resources: [] })
  const transformed = (InputTemplate: string, InputPathsMap = {}): string => made({ InputTransformer: { InputPathsMap, InputTemplate } })
  assert.equal(
    transformed('{"listener": "a.b", "event": <id>, "n": <n>}', { id: '$.detail.id', n: '$.detail.n' }),
    '{"listener": "a.b", "event": "e\\"1", "n": 5}',
  )
  assert.equal(transformed('"<id> of <aws.events.rule-name>"', { id: '$.detail.id' }), '"e\\"1 of r"')
  assert.equal(transformed('<v>', { v: '$.detail.deep.list[0].k' }), '"v"')
  assert.equal(made({ Input: '{"fixed":1}' }), '{"fixed":1}')
  assert.equal(made({ InputPath: '$.detail.n' }), '5')
  assert.throws(() => transformed('{"x": <gone>}', { gone: '$.detail.gone' }), /names what is not there/)
  assert.throws(() => transformed('{"x": <unmapped>}'), /names what is not there/)
})

/** A stream of these records, read as often as it is asked for from the same place. */
const streamOf = (records: readonly object[]): DynamoDBStreamsClient => {
  const send = async ({ constructor: { name }, input }: { constructor: { name: string }; input: { ShardIterator?: string } }): Promise<object> => {
    if (name === 'DescribeStreamCommand') return { StreamDescription: { Shards: [{ ShardId: 's' }] } }
    if (name === 'GetShardIteratorCommand') return { ShardIterator: '0' }
    const from = Number(input.ShardIterator)
    return { Records: records.slice(from, from + 2), NextShardIterator: String(Math.min(records.length, from + 2)) }
  }
  // Only what a pipe sends is answered.
  return { send } as unknown as DynamoDBStreamsClient
}
const record = (pk: string, eventName = 'INSERT', sk = 'event') => ({
  eventName,
  dynamodb: {
    Keys: { pk: { S: pk }, sk: { S: sk } },
    NewImage: { id: { S: pk.slice(6) }, name: { S: 'video.ready' } },
    ApproximateCreationDateTime: new Date(5000),
  },
})

test('the school’s pipe puts each new event on the bus under its own name, and nothing else', async (t) => {
  const { sent, client } = await opened(t, [rule({ source: ['lectern'], 'detail-type': ['video.ready'] })])
  const records = [
    record('event#e1'),
    record('event#e2', 'MODIFY'),
    record('video#1'),
    record('event#e3', 'REMOVE'),
    record('event#e4', 'INSERT', 'other'),
    record('event#e5'),
  ]
  const school = pipe({ Name: 'p', Source: 'arn:stream', Target: busArn('school'), ...PIPE }, { streams: streamOf(records), bus: client })
  assert.deepEqual([await school.pump(), await school.pump()], [2, 0])
  assert.deepEqual(
    sent.map(([, input]) => JSON.parse(input).detail),
    [{ id: 'e1' }, { id: 'e5' }],
  )
})

test('a batch that the bus did not take is put again, whole', async (t) => {
  const { sent, client } = await opened(t, [rule({ source: ['lectern'] })])
  const ends = [Promise.reject(new Error('throttled')), Promise.resolve({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] })]
  for (const end of ends) end.catch(() => {})
  const real = client.send.bind(client)
  // The bus as it is, after two answers of its own.
  const bus = { send: (command: PutEventsCommand) => ends.shift() ?? real(command) } as unknown as EventBridgeClient
  const school = pipe(
    { Name: 'p', Source: 'arn:stream', Target: busArn('school'), ...PIPE },
    { streams: streamOf([record('event#e1'), record('event#e2')]), bus },
  )
  await assert.rejects(school.pump(), /throttled/)
  await assert.rejects(school.pump(), /The bus refused 1 of 2/)
  assert.equal(await school.pump(), 2)
  assert.equal(sent.length, 2)
})
