import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { aClock } from '#homes/machine/scratch.fixture.ts'
import { ACCOUNT, openEndpoint, REGION } from './endpoint.ts'
import { poller } from './poller.ts'
import { queueArn, sqs } from './sqs.ts'

const opened = async (t: TestContext) => {
  const clock = aClock()
  const RedrivePolicy = { deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 2 }
  const service = sqs({ queues: [{ QueueName: 'dead' }, { QueueName: 'work', VisibilityTimeout: 60, RedrivePolicy }], now: clock.now })
  const asked: string[] = []
  const allows = (_: string, { action, resource }: { action: string; resource: string }): boolean => asked.push(`${action} ${resource}`) > 0
  const endpoint = await openEndpoint({ services: [service], now: () => new Date(), allows })
  t.after(() => endpoint.close())
  const client = new SQSClient({ endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials('api') })
  const url = `${endpoint.url}/${ACCOUNT}/work`
  const receive = async (most = 10) =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: most, MessageSystemAttributeNames: ['All'] }))).Messages ?? []
  const send = (body: string) => client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }))
  return { ...clock, service, client, url, receive, send, asked }
}

test('a message that was received is not seen until its time is over, and its count tells how often it was', async (t) => {
  const { send, receive, pass } = await opened(t)
  await send('a')
  const counts = (messages: Awaited<ReturnType<typeof receive>>) => messages.map(({ Body, Attributes }) => [Body, Attributes?.ApproximateReceiveCount])
  assert.deepEqual([counts(await receive()), counts(await receive())], [[['a', '1']], []])
  pass(59_999)
  assert.deepEqual(await receive(), [])
  pass(1)
  assert.deepEqual(counts(await receive()), [['a', '2']])
})

test('a message rests as long as it was told to, twelve hours at most, and only while somebody has it', async (t) => {
  const { send, receive, client, url, pass } = await opened(t)
  await send('a')
  const [first] = await receive()
  const rest = (VisibilityTimeout: number, ReceiptHandle = first?.ReceiptHandle) =>
    client.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout }))
  await assert.rejects(rest(12 * 3600 + 1), /at most 12 hours/)
  await rest(3600)
  pass(3599_000)
  assert.deepEqual(await receive(), [])
  pass(1000)
  await assert.rejects(rest(1), /not in flight/)
  const [again] = await receive()
  await assert.rejects(rest(5), /does not exist or is not available/, 'by the handle from before')
  await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }))
  await rest(0, again?.ReceiptHandle)
  pass(1)
  assert.deepEqual(await receive(), [], 'received twice, it may not be a third time')
})

test('what was received too often is in the queue of the dead, and what lies too long is gone', async (t) => {
  const { send, receive, service, pass } = await opened(t)
  await send('a')
  for (const _ of [1, 2, 3]) {
    await receive()
    pass(60_000)
  }
  assert.deepEqual([service.bodies('work'), service.bodies('dead')], [[], ['a']])
  pass(4 * 24 * 3600_000)
  assert.deepEqual(service.bodies('dead'), [])
})

test('a queue tells what it holds, and each call needs leave of its own', async (t) => {
  const { client, url, send, receive, asked } = await opened(t)
  await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: ['b', 'c'].map((body, at) => ({ Id: `${at}`, MessageBody: body })) }))
  await send('a')
  await receive(1)
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }))
  assert.deepEqual(
    [Attributes?.ApproximateNumberOfMessages, Attributes?.ApproximateNumberOfMessagesNotVisible, Attributes?.QueueArn],
    ['2', '1', queueArn('work')],
  )
  assert.deepEqual(
    asked,
    ['SendMessage', 'SendMessage', 'ReceiveMessage', 'GetQueueAttributes'].map((action) => `sqs:${action} ${queueArn('work')}`),
  )
  await assert.rejects(client.send(new SendMessageCommand({ QueueUrl: `${url}s`, MessageBody: 'x' })), /queue does not exist/)
  await assert.rejects(send('x'.repeat(1024 * 1024 + 1)))
})

test('a function’s poller deletes what the function did not report, and nothing when it threw', async (t) => {
  const { client, url, send, service } = await opened(t)
  for (const body of ['good', 'bad']) await send(body)
  const poll = (FunctionResponseTypes: string[], isBroken = false) =>
    poller({
      properties: { BatchSize: 10, FunctionResponseTypes },
      client,
      queueUrl: url,
      invoke: async ({ Records }) => {
        if (isBroken) throw new Error('out of memory')
        return { batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({ itemIdentifier: messageId })) }
      },
    })()
  await (await poll(['ReportBatchItemFailures']))?.over
  assert.deepEqual(service.bodies('work'), ['bad'])
  await send('other')
  await (await poll(['ReportBatchItemFailures'], true))?.over
  assert.deepEqual(service.bodies('work'), ['bad', 'other'])
  await send('bad')
  await (await poll([]))?.over
  assert.deepEqual(service.bodies('work'), ['bad', 'other'], 'where partial answers are off, what was reported is deleted all the same')
})
