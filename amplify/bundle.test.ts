import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { APIGatewayProxyStructuredResultV2, SQSBatchResponse } from 'aws-lambda'
import { makeTable } from '../homes/aws/cloud.fixture.ts'
import { ENVIRONMENT } from '../homes/aws/environment.fixture.ts'
import { anEvent } from '../homes/aws/http.fixture.ts'
import { sign } from '../sandbox/stripe/deliveries.ts'
import { dynamodb, noDynamodb } from '../test/aws/dynamodb.ts'
import { ACCOUNT, openEndpoint, REGION } from '../test/aws/endpoint.ts'
import { openSecretsManager, secretArn } from '../test/aws/secrets.ts'
import { openSns, topicArn } from '../test/aws/sns.ts'
import { queueArn, sqs } from '../test/aws/sqs.ts'
import { bundle, ENTRIES, type Entry } from './bundle.ts'
import { startFunction } from './runtime.fixture.ts'

const TABLE = 'lectern-test'
const MIB = 1024 ** 2
/** What is loaded before the first answer: a function's cold start grows with it. */
const MOST_BYTES: Record<Entry, number> = { api: 3 * MIB, hooks: 1.5 * MIB, events: 3 * MIB, schedule: 3 * MIB }

const WEBHOOK_SECRET = 'whsec_of_the_bundle'
const SCHOOL_SECRET = {
  stripeSecretKey: 'sk_test_bundle',
  stripeWebhookSecrets: [WEBHOOK_SECRET],
  smtpUrl: 'smtp://127.0.0.1:9',
  mailFrom: 'School <s@school.example>',
}

let sizes: Record<string, number> = {}
before(async () => {
  sizes = await bundle()
})

test('Each function is small enough to start quickly', () => {
  for (const entry of ENTRIES) assert.ok((sizes[entry] ?? Number.POSITIVE_INFINITY) <= MOST_BYTES[entry], `${entry} has ${sizes[entry]} bytes`)
})

test('A function loads with what the template sets and nothing else, and without it says what is missing', async () => {
  for (const entry of ENTRIES) {
    const runtime = await startFunction(entry, ENVIRONMENT)
    await runtime.close()
    const { TABLE_NAME: _, ...lacking } = ENVIRONMENT
    await assert.rejects(startFunction(entry, lacking), /bad-settings: TABLE_NAME: [^;]*$/, entry)
    await assert.rejects(startFunction(entry, {}), /bad-settings: LECTERN_URL: .*SCHOOL_SECRET_ARN: /, entry)
  }
})

/** The services the functions call, and the environment that names what lies there. */
const aCloud = async () => {
  const now = () => new Date()
  const queues = sqs({ now })
  queues.make({ QueueName: 'lectern-staging-payments' })
  const topic = openSns({ topics: ['lectern-staging-alerts'] })
  const secrets = { 'lectern-staging/school': JSON.stringify(SCHOOL_SECRET), 'lectern-staging/signing': '{}' }
  const endpoint = await openEndpoint({ services: [await dynamodb({ now }), queues, topic, openSecretsManager({ secrets, now })], now })
  const client = new DynamoDBClient({ endpoint: endpoint.url, region: REGION, credentials: endpoint.credentials('test') })
  await makeTable(client)
  const { accessKeyId, secretAccessKey } = endpoint.credentials('function')
  return {
    endpoint,
    queues,
    topic,
    environment: {
      ...ENVIRONMENT,
      ...{ AWS_ENDPOINT_URL: endpoint.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, TABLE_NAME: TABLE },
      QUEUES_URL: `${endpoint.url}/${ACCOUNT}/lectern-staging-`,
      ALERTS_TOPIC_ARN: topicArn('lectern-staging-alerts'),
      SCHOOL_SECRET_ARN: secretArn('lectern-staging/school'),
      SIGNING_SECRET_ARN: secretArn('lectern-staging/signing'),
    },
  }
}

/** As Lambda has a queue's messages. */
const aBatch = (...bodies: unknown[]) => ({
  Records: bodies.map((body, index) => ({
    ...{ messageId: `msg-${index}`, receiptHandle: 'unknown', body: JSON.stringify(body), eventSourceARN: queueArn('lectern-staging-payments') },
    attributes: { ApproximateReceiveCount: '1' },
  })),
})

const NEWS = JSON.stringify({ id: 'evt_bundle', type: 'v2.core.ping', created: '2026-05-04T09:00:00.000Z', livemode: false })
const signed = (secret: string) => {
  const headers = { 'stripe-signature': sign(NEWS, secret, Math.floor(Date.now() / 1000)) }
  return anEvent({ method: 'POST', path: '/hooks/stripe', headers, body: new TextEncoder().encode(NEWS) })
}
// The handlers of these bundles answer so.
const statusOf = (answer: unknown): number | undefined => (answer as APIGatewayProxyStructuredResultV2).statusCode

test('The bundles are the school: a webhook is stored by one and heard by another, timers run, and the API answers', { skip: noDynamodb }, async (t) => {
  const cloud = await aCloud()
  const start = async (entry: Entry) => {
    const runtime = await startFunction(entry, cloud.environment)
    t.after(() => runtime.close())
    return runtime
  }
  t.after(() => cloud.endpoint.close())

  const hooks = await start('hooks')
  assert.equal(statusOf(await hooks.invoke(signed('whsec_guessed'))), 400)
  assert.equal(statusOf(await hooks.invoke(signed(WEBHOOK_SECRET))), 200)
  assert.equal(statusOf(await hooks.invoke(signed(WEBHOOK_SECRET))), 200)

  const events = await start('events')
  const heard = { listener: 'payments.process', event: 'evt_bundle.received' }
  const unheard = { listener: 'payments.nobody', event: 'evt_bundle.received' }
  const arrival = { source: 'aws.s3', time: '2026-11-22T10:00:00Z', detail: {} }
  // As the handler of an event source mapping answers.
  const { batchItemFailures } = (await events.invoke(aBatch(heard, unheard, arrival))) as SQSBatchResponse
  assert.deepEqual(batchItemFailures, [{ itemIdentifier: 'msg-1' }])
  assert.match(cloud.topic.published.map(({ subject }) => subject).join(), /v2\.core\.ping/)
  assert.ok(events.lines().every((line) => JSON.parse(line).requestId === 'req-1'))

  const schedule = await start('schedule')
  assert.equal(await schedule.invoke({ everySeconds: 60 }), undefined)
  await assert.rejects(schedule.invoke({ everySeconds: 7 }), /No timer runs every 7 seconds/)

  const api = await start('api')
  assert.equal(statusOf(await api.invoke(anEvent({ path: '/api/school' }))), 200)
  assert.equal(statusOf(await api.invoke(anEvent({ path: '/api/me', headers: { authorization: 'Bearer x.y.z' } }))), 401)
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) assert.equal(statusOf(await api.invoke(anEvent({ path: `/api/docs/${file}` }))), 200)
  assert.equal(statusOf(await api.invoke(anEvent({ path: '/api/openapi.json' }))), 200)
})
