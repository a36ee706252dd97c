import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { EventsHome } from '#ports/events.laws.ts'
import type { Listener } from '#ports/events.ts'
import { dynamodb } from '#test/aws/dynamodb.ts'
import { ACCOUNT, type Ask, openEndpoint, REGION } from '#test/aws/endpoint.ts'
import { busArn, events as eventBridge, type RuleProperties } from '#test/aws/events.ts'
import { pipe } from '#test/aws/pipe.ts'
import { type Invocation, poller } from '#test/aws/poller.ts'
import { queueArn, sqs } from '#test/aws/sqs.ts'
import { silentLog } from '../machine/log.ts'
import { aClock } from '../machine/scratch.fixture.ts'
import { events, hear } from './events.ts'
import { featureOf, INDEX, MAPPING, PIPE, QUEUE, ruleOf } from './routes.ts'
import { tables } from './tables.ts'

const TABLE = 'lectern-test'
const BUS = 'lectern-test'
const VISIBILITY_SECONDS = 60

const key = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
]

/** The one table, as the infrastructure makes it. */
export const makeTable = async (client: DynamoDBClient): Promise<string> => {
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'ipk', 'isk'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: key('pk', 'sk'),
      GlobalSecondaryIndexes: [{ IndexName: INDEX, KeySchema: key('ipk', 'isk'), Projection: { ProjectionType: 'ALL' } }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  )
  return TableDescription?.LatestStreamArn ?? ''
}

const queueName = (feature: string): string => `lectern-test-${feature}`

const ruleFor = (listener: Listener): RuleProperties => {
  const { EventPattern, InputTransformer } = ruleOf(listener)
  return {
    Name: listener.name,
    EventBusName: BUS,
    EventPattern,
    Targets: [{ Id: 'queue', Arn: queueArn(queueName(featureOf(listener.name))), InputTransformer }],
  }
}

/** The services a school needs for its tables and events, on a clock to pass, and the clients to call them with. */
export const aCloud = async ({ indexLagMs = 0, allows = () => true }: { indexLagMs?: number; allows?(principal: string, ask: Ask): boolean } = {}) => {
  const clock = aClock()
  const queues = sqs({ now: clock.now })
  const bus = eventBridge({ buses: [BUS], now: clock.now, deliver: (arn, input) => queues.deliver(arn, input) })
  // Clients sign with the machine's time.
  const endpoint = await openEndpoint({ services: [await dynamodb({ now: clock.now, indexLagMs }), queues, bus], now: () => new Date(), allows })
  const as = (principal: string) => ({ endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials(principal) })
  const client = new DynamoDBClient(as('api'))
  const clients = { client, sqs: new SQSClient(as('api')) }
  const roles = { streams: new DynamoDBStreamsClient(as('pipe')), bus: new EventBridgeClient(as('pipe')) }
  const properties = { Name: 'events', Source: await makeTable(client), Target: busArn(BUS), ...PIPE }
  const stream = pipe(properties, roles)
  const features = new Set<string>()
  return {
    ...clients,
    clock,
    queues,
    bus,
    stream,
    features,
    table: TABLE,
    queuesUrl: `${endpoint.url}/${ACCOUNT}/${queueName('')}`,
    /** Makes the queues that are not there yet, and puts the listeners' rules in place of those before. */
    deploy(listeners: readonly Listener[]) {
      for (const feature of listeners.map(({ name }) => featureOf(name))) {
        if (features.has(feature)) continue
        features.add(feature)
        const dead = `${queueName(feature)}-dead`
        const { MessageRetentionPeriod, maxReceiveCount } = QUEUE
        const RedrivePolicy = { deadLetterTargetArn: queueArn(dead), maxReceiveCount }
        queues.make({ QueueName: dead, MessageRetentionPeriod })
        queues.make({ QueueName: queueName(feature), VisibilityTimeout: VISIBILITY_SECONDS, MessageRetentionPeriod, RedrivePolicy })
      }
      bus.rule(listeners.map(ruleFor))
    },
    close: () => endpoint.close(),
  }
}

export type Cloud = Awaited<ReturnType<typeof aCloud>>

/** What AWS does between a commit and a listener, by hand: the pipe, and a poller for each queue that calls the events Lambda. */
const running = (cloud: Cloud, audience: () => readonly Listener[]) => {
  const underWay = new Set<Promise<void>>()
  let [isDead, turn] = [false, Promise.resolve(0)]
  const begin = ({ records, over }: Invocation): number => {
    const run = over.finally(() => underWay.delete(run))
    underWay.add(run)
    return records
  }
  const pollOf = (feature: string) =>
    poller({
      properties: MAPPING,
      client: cloud.sqs,
      queueUrl: cloud.queuesUrl + feature,
      invoke: (batch) => hear({ ...cloud, listeners: audience(), log: silentLog, random: () => 0.5 })(batch),
    })
  /** Moves everything on that can move; answers how many deliveries that began. */
  const look = async (): Promise<number> => {
    if (isDead) return 0
    await cloud.stream.pump()
    let begun = 0
    for (const feature of cloud.features) {
      const poll = pollOf(feature)
      while (cloud.queues.hasVisible(queueName(feature))) {
        const batch = await poll()
        if (batch) begun += begin(batch)
      }
    }
    return begun
  }
  return {
    underWay,
    look(): Promise<number> {
      turn = turn.then(look)
      return turn
    },
    async die(): Promise<void> {
      isDead = true
      await turn
    },
  }
}

/** Tables and their events on AWS. */
export const aStore = async (cloud?: Cloud): Promise<EventsHome & { cloud: Cloud }> => {
  const within = cloud ?? (await aCloud())
  let [audience, isStarted, deployed]: [readonly Listener[], boolean, Promise<unknown>] = [[], false, Promise.resolve()]
  const { look, underWay, die } = running(within, () => audience)
  const store = tables({ client: within.client, table: within.table, clock: within.clock })
  const port = events(within)
  return {
    cloud: within,
    tables: {
      ...store,
      async commit(changes, told) {
        await deployed
        const outcome = await store.commit(changes, told)
        if (isStarted) void look()
        return outcome
      },
    },
    events: {
      ...port,
      // A deployment takes longer than a stream: what was told before it has reached the queues.
      listen(listeners) {
        deployed = deployed.then(async () => {
          await within.stream.pump()
          within.deploy(listeners)
          audience = listeners
        })
      },
      start() {
        isStarted = true
        void look()
      },
      async drain() {
        await deployed
        for (let tried = 0; ; ) {
          const begun = await look()
          tried += begun
          if (begun === 0 && underWay.size === 0) return tried
          await Promise.race(underWay)
        }
      },
      async stop() {
        isStarted = false
        await Promise.all(underWay)
      },
    },
    pass: within.clock.pass,
    async reopen() {
      await die()
      // What the dead one was hearing shows again.
      within.clock.pass(VISIBILITY_SECONDS * 1000)
      return aStore(within)
    },
    close: () => within.close(),
  }
}
