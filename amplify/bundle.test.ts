import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { APIGatewayProxyStructuredResultV2, SQSBatchResponse } from 'aws-lambda'
import { makeTable } from '../homes/aws/cloud.fixture.ts'
import { directory } from '../homes/aws/cognito/directory.ts'
import { EDGE_HEADER } from '../homes/aws/edge-header.ts'
import { ENVIRONMENT } from '../homes/aws/environment.fixture.ts'
import { anEvent } from '../homes/aws/http.fixture.ts'
import { tables } from '../homes/aws/tables.ts'
import { sign } from '../sandbox/stripe/deliveries.ts'
import { cognito } from '../test/aws/cognito.ts'
import { dynamodb, noDynamodb } from '../test/aws/dynamodb.ts'
import { ACCOUNT, openEndpoint, REGION, type Service } from '../test/aws/endpoint.ts'
import { events as eventBridge, type RuleProperties } from '../test/aws/events.ts'
import { openSecretsManager, secretArn } from '../test/aws/secrets.ts'
import { openSns, topicArn } from '../test/aws/sns.ts'
import { queueArn, sqs } from '../test/aws/sqs.ts'
import { bundle, bundled, ENTRIES, type Entry } from './bundle.ts'
import { startFunction } from './runtime.fixture.ts'
import { resourcesOf, templatesOf } from './test/school.fixture.ts'

const EDGE_SECRET = 'what-the-edge-shows'
const TABLE = 'lectern-test'
const MIB = 1024 ** 2
/** What is loaded before the first answer: a function's cold start grows with it. */
const MOST_BYTES: Record<Entry, number> = { api: 3 * MIB, hooks: 1.5 * MIB, events: 3 * MIB, schedule: 3 * MIB, 'post-confirmation': MIB / 2 }

const WEBHOOK_SECRET = 'whsec_of_the_bundle'
const SCHOOL_SECRET = {
  stripeSecretKey: 'sk_test_bundle',
  stripeWebhookSecrets: [WEBHOOK_SECRET],
  smtpUrl: 'smtp://127.0.0.1:9',
  mailFrom: 'School <s@school.example>',
}

let sizes: Record<string, number> = {}
before(async () => {
  // A run of all tests has just made them, for whichever looks at them; this one by itself makes its own.
  sizes = process.env['LECTERN_BUNDLED'] === '1' ? await bundled() : await bundle()
})

test('Each function is small enough to start quickly', () => {
  for (const entry of ENTRIES) assert.ok((sizes[entry] ?? Number.POSITIVE_INFINITY) <= MOST_BYTES[entry], `${entry} has ${sizes[entry]} bytes`)
})

test('A function loads with what the template sets and nothing else, and without it says what is missing', async () => {
  await assert.rejects(startFunction('post-confirmation', {}), /BUS_NAME is not set/)
  for (const entry of ENTRIES) {
    const isTrigger = entry === 'post-confirmation'
    const runtime = await startFunction(entry, isTrigger ? { BUS_NAME: 'lectern-staging' } : ENVIRONMENT)
    await runtime.close()
    if (isTrigger) continue
    const { TABLE_NAME: _, ...lacking } = ENVIRONMENT
    await assert.rejects(startFunction(entry, lacking), /bad-settings: TABLE_NAME: [^;]*$/, entry)
    await assert.rejects(startFunction(entry, {}), /bad-settings: LECTERN_URL: .*SCHOOL_SECRET_ARN: /, entry)
  }
})

/** The services the functions call, and the environment that names what lies there. */
const aCloud = async (more: readonly Service[] = []) => {
  const now = () => new Date()
  const queues = sqs({ now })
  queues.make({ QueueName: 'lectern-staging-payments' })
  const topic = openSns({ topics: ['lectern-staging-alerts'] })
  const secrets = { 'lectern-staging/school': JSON.stringify(SCHOOL_SECRET), 'lectern-staging/signing': '{}', 'lectern-staging/edge': EDGE_SECRET }
  const endpoint = await openEndpoint({ services: [await dynamodb({ now }), queues, topic, openSecretsManager({ secrets, now }), ...more], now })
  const client = new DynamoDBClient({ endpoint: endpoint.url, region: REGION, credentials: endpoint.credentials('test') })
  await makeTable(client)
  const { accessKeyId, secretAccessKey } = endpoint.credentials('function')
  return {
    endpoint,
    queues,
    topic,
    tables: tables({ client, table: TABLE, clock: { now } }),
    environment: {
      ...ENVIRONMENT,
      ...{ AWS_ENDPOINT_URL: endpoint.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, TABLE_NAME: TABLE },
      QUEUES_URL: `${endpoint.url}/${ACCOUNT}/lectern-staging-`,
      ALERTS_TOPIC_ARN: topicArn('lectern-staging-alerts'),
      SCHOOL_SECRET_ARN: secretArn('lectern-staging/school'),
      SIGNING_SECRET_ARN: secretArn('lectern-staging/signing'),
      EDGE_SECRET_ARN: secretArn('lectern-staging/edge'),
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

/** As the distribution hands a request on. */
const throughEdge = (asked: Parameters<typeof anEvent>[0] = {}) => anEvent({ ...asked, headers: { ...asked.headers, [EDGE_HEADER]: EDGE_SECRET } })

const NEWS = JSON.stringify({ id: 'evt_bundle', type: 'v2.core.ping', created: '2026-05-04T09:00:00.000Z', livemode: false })
const signed = (secret: string) => {
  const headers = { 'stripe-signature': sign(NEWS, secret, Math.floor(Date.now() / 1000)) }
  return throughEdge({ method: 'POST', path: '/hooks/stripe', headers, body: new TextEncoder().encode(NEWS) })
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
  const container = { lastStatus: 'RUNNING', overrides: { containerOverrides: [] } }
  const news = { source: 'aws.ecs', 'detail-type': 'ECS Task State Change', time: '2026-11-22T10:00:00Z', detail: container }
  // As the handler of an event source mapping answers.
  const { batchItemFailures } = (await events.invoke(aBatch(heard, unheard, news))) as SQSBatchResponse
  assert.deepEqual(batchItemFailures, [{ itemIdentifier: 'msg-1' }])
  assert.match(cloud.topic.published.map(({ subject }) => subject).join(), /v2\.core\.ping/)
  assert.ok(events.lines().every((line) => JSON.parse(line).requestId === 'req-1'))

  const schedule = await start('schedule')
  assert.equal(await schedule.invoke({ everySeconds: 60 }), undefined)
  await assert.rejects(schedule.invoke({ everySeconds: 7 }), /No timer runs every 7 seconds/)

  const api = await start('api')
  assert.equal(statusOf(await api.invoke(anEvent({ path: '/api/school' }))), 403, 'past the distribution')
  assert.equal(statusOf(await api.invoke(throughEdge({ path: '/api/school' }))), 200)
  assert.equal(statusOf(await api.invoke(throughEdge({ path: '/api/me', headers: { authorization: 'Bearer x.y.z' } }))), 401)
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) assert.equal(statusOf(await api.invoke(throughEdge({ path: `/api/docs/${file}` }))), 200)
  assert.equal(statusOf(await api.invoke(throughEdge({ path: '/api/openapi.json' }))), 200)
})

const PRODUCTION_BUS = 'lectern-production'
const PEOPLE_QUEUE = `${PRODUCTION_BUS}-people`

/** A pool whose trigger is the bundle of it, a bus with the rule the template makes of sign-ups, and the queue that rule fills. */
const aPool = async () => {
  const rule = resourcesOf(templatesOf({ stage: 'production' }), 'AWS::Events::Rule').find(
    ({ Properties }) => Properties?.['Name'] === `${PRODUCTION_BUS}-sign-ups`,
  )
  // As the stack of events makes it; where it sends to is known when it is deployed.
  const { Name = '', EventPattern = {} } = (rule?.Properties ?? {}) as Partial<RuleProperties>
  const queued: string[] = []
  const bus = eventBridge({
    buses: [PRODUCTION_BUS],
    rules: [{ Name, EventBusName: PRODUCTION_BUS, EventPattern, Targets: [{ Id: 'queue', Arn: queueArn(PEOPLE_QUEUE) }] }],
    now: () => new Date(),
    deliver: (_, body) => void queued.push(body),
  })
  const trigger: { invoke?: (event: unknown) => Promise<unknown> } = {}
  const pool = await cognito({ now: () => new Date(), onConfirmed: async (event) => void (await trigger.invoke?.(event)) })
  return { pool, bus, queued, trigger }
}

test('Somebody who signs up is in the directory before their first visit, and one who forgot a password is out of older sessions', {
  skip: noDynamodb,
}, async (t) => {
  const { pool, bus, queued, trigger } = await aPool()
  const cloud = await aCloud([pool.service, bus])
  t.after(() => cloud.endpoint.close())
  const environment = { ...cloud.environment, BUS_NAME: PRODUCTION_BUS, USER_POOL_ID: pool.poolId, USER_POOL_CLIENT_ID: pool.clientId }
  const [told, heard] = await Promise.all([startFunction('post-confirmation', environment), startFunction('events', environment)])
  t.after(() => Promise.all([told.close(), heard.close()]))
  trigger.invoke = (event) => told.invoke(event)
  const hearQueued = async (): Promise<void> => {
    const batch = aBatch(...queued.splice(0).map((body): unknown => JSON.parse(body)))
    assert.deepEqual([batch.Records.length, await heard.invoke(batch)], [1, { batchItemFailures: [] }])
  }
  const client = new CognitoIdentityProviderClient({ endpoint: cloud.endpoint.url, region: REGION, credentials: cloud.endpoint.credentials('test') })
  t.after(() => client.destroy())
  const [ClientId, Username] = [pool.clientId, 'ada@school.example']
  const attributes = [
    { Name: 'email', Value: Username },
    { Name: 'name', Value: 'Ada Example' },
  ]
  const { UserSub = '' } = await client.send(new SignUpCommand({ ClientId, Username, Password: 'four quiet words here', UserAttributes: attributes }))
  await client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode: pool.codeFor(Username) }))
  await hearQueued()
  const { find } = directory(cloud.tables)
  const joined = (await find(UserSub))?.value
  assert.deepEqual([joined?.email, joined?.name, joined?.isVerified, joined?.sessionsSince], [Username, 'Ada Example', true, undefined])

  await client.send(new ForgotPasswordCommand({ ClientId, Username }))
  await client.send(new ConfirmForgotPasswordCommand({ ClientId, Username, ConfirmationCode: pool.codeFor(Username), Password: 'four other words now' }))
  const { time } = JSON.parse(queued[0] ?? '{}') as { time?: string }
  await hearQueued()
  assert.equal((await find(UserSub))?.value.sessionsSince, time, 'from the moment the pool told it, however late it is heard')
})
