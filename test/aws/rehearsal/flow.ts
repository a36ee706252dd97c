import { setTimeout as pause } from 'node:timers/promises'
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { SQSBatchResponse } from 'aws-lambda'
import * as z from 'zod'
import { listening } from '#homes/aws/wiring.ts'
import { ACCOUNT, type Call } from '../endpoint.ts'
import { type Envelope, events } from '../events.ts'
import { type Pipe, type PipeProperties, pipe } from '../pipe.ts'
import { poller } from '../poller.ts'
import type { Sqs } from '../sqs.ts'
import type { Deployment } from './deployment.ts'
import type { Functions } from './functions.ts'
import type { Leave } from './leave.ts'

type Signing = { endpoint: string; region: string; maxAttempts: number; credentials: { accessKeyId: string; secretAccessKey: string } }
type Options = { now(): Date; queues: Sqs; functions: Functions; as(principal: string): Signing; troubles: string[] }

const Rule = z.object({
  Name: z.string().exactOptional(),
  EventBusName: z.string().exactOptional(),
  EventPattern: z.record(z.string(), z.unknown()),
  State: z.enum(['ENABLED', 'DISABLED']).exactOptional(),
  Targets: z.array(
    z.object({
      Id: z.string(),
      Arn: z.string(),
      Input: z.string().exactOptional(),
      InputPath: z.string().exactOptional(),
      InputTransformer: z.object({ InputPathsMap: z.record(z.string(), z.string()).exactOptional(), InputTemplate: z.string() }).exactOptional(),
      DeadLetterConfig: z.object({ Arn: z.string() }).exactOptional(),
    }),
  ),
})
const Mapping = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number().exactOptional(),
  FunctionResponseTypes: z.array(z.string()).exactOptional(),
  Enabled: z.boolean().default(true),
})
const PipeSchema = z.object({
  Name: z.string(),
  RoleArn: z.string(),
  Source: z.string(),
  Target: z.string(),
  SourceParameters: z.object({
    DynamoDBStreamParameters: z.object({ StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']), BatchSize: z.number().exactOptional() }),
    FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).exactOptional(),
  }),
  TargetParameters: z
    .object({
      EventBridgeEventBusParameters: z.object({ Source: z.string().exactOptional(), DetailType: z.string().exactOptional() }).exactOptional(),
      InputTemplate: z.string().exactOptional(),
    })
    .exactOptional(),
})
const Answer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).default([]) }).optional()
const Entries = z.object({ Entries: z.array(z.object({ Source: z.string(), DetailType: z.string(), Detail: z.string() })) })
const Told = z.object({ id: z.string() })
const ForListener = z.object({ listener: z.string(), event: z.string() })

type Deployed = { deployment: Deployment; leave: Leave; stream: string; table: string; database: DynamoDBClient }
/** The school puts a message off for a few seconds at first. */
const PATIENCE_MS = 20_000
const nameIn = (arn: string): string => arn.split(':').at(-1) ?? ''

/** Every event in the table. */
const committed = async ({ database, table }: Deployed): Promise<{ id: string; name: string }[]> => {
  const asked = { FilterExpression: 'begins_with(pk, :event)', ExpressionAttributeValues: { ':event': { S: 'event#' } } }
  const { Items = [] } = await database.send(new ScanCommand({ TableName: table, ...asked }))
  return Items.map(({ pk, name }) => ({ id: (pk?.S ?? '').slice('event#'.length), name: name?.S ?? '' }))
}

/** How what is committed becomes known: stream, pipe, bus, rules, queues and pollers, all as the templates have them, moved on by hand. */
export const flowOf = ({ now, queues, functions, as, troubles }: Options) => {
  let deployed: Deployed | undefined
  let stream: { name: string; properties: PipeProperties; pipe: Pipe } | undefined
  let polls: { queue: string; poll: ReturnType<typeof poller> }[] = []
  const [told, heard, past] = [new Map<string, string>(), new Set<string>(), new Set<string>()]
  const pending = new Set<Promise<void>>()
  const setbacks: string[] = []

  const deliver = (targetArn: string, input: string, ruleArn: string): void => {
    // Containers that a rule starts are not rehearsed; what is not there is an error.
    if (!targetArn.includes(':sqs:')) return
    const queue = deployed?.deployment.placed.find(({ type, attributes }) => type === 'AWS::SQS::Queue' && attributes['Arn'] === targetArn)
    if (!queue) throw new Error(`The rule ${ruleArn} sends to ${targetArn}, which is not there.`)
    const isLetIn = deployed?.leave.mayReach(queue.ref, { service: 'events.amazonaws.com', resource: targetArn, source: ruleArn }) === true
    if (!isLetIn) throw new Error(`The queue ${nameIn(targetArn)} lets nothing in from ${ruleArn}.`)
    queues.deliver(targetArn, input)
    const message = ForListener.safeParse(JSON.parse(input))
    if (message.success) heard.add(`${message.data.listener} ${message.data.event}`)
  }
  const bridge = events({ buses: ['default'], now, deliver })
  let buses: ReturnType<typeof events> = bridge
  /** The bus as clients see it, which notes what it is told. */
  const bus = {
    ...{ name: 'events', asks: (call: Call) => buses.asks(call) },
    answer: async (call: Call) => {
      for (const { Source, DetailType, Detail } of Entries.parse(JSON.parse(call.body.toString())).Entries) {
        const event = Told.safeParse(JSON.parse(Detail))
        if (Source === 'lectern' && event.success) told.set(event.data.id, DetailType)
      }
      return buses.answer(call)
    },
  }

  const deployPipe = ({ deployment, leave, stream: source }: Deployed): void => {
    const [found] = deployment.all('AWS::Pipes::Pipe', PipeSchema)
    if (!found) throw new Error('The templates have no pipe from the table to the bus.')
    const { is: _, RoleArn, ...own } = found
    if (!leave.mayAssume(RoleArn, 'pipes.amazonaws.com')) throw new Error(`No pipe may act as ${RoleArn}.`)
    const role = leave.role(RoleArn)?.name ?? RoleArn
    const properties: PipeProperties = { ...own, Source: source }
    // A pipe that is changed goes on where it was.
    if (stream) Object.assign(stream.properties, properties)
    else stream = { name: own.Name, properties, pipe: pipe(properties, { streams: new DynamoDBStreamsClient(as(role)), bus: new EventBridgeClient(as(role)) }) }
  }

  const invoked = async (name: string, queue: string, event: unknown): Promise<SQSBatchResponse | undefined> => {
    try {
      const answer = Answer.parse(await functions.invoke(name, event))
      if (answer && answer.batchItemFailures.length > 0)
        setbacks.push(`${answer.batchItemFailures.length} messages of ${queue} failed: ${(await functions.errors()).slice(-2).join('; ')}`)
      return answer
    } catch (error) {
      troubles.push(error instanceof Error ? error.message : String(error))
      throw error
    }
  }

  const deploy = (next: Deployed): void => {
    deployed = next
    const { deployment, leave } = next
    buses = events({
      ...{ now, deliver },
      buses: ['default', ...deployment.placed.flatMap(({ type, ref }) => (type === 'AWS::Events::EventBus' ? [ref] : []))],
      rules: deployment.all('AWS::Events::Rule', Rule).map(({ is, Name = is.id, ...rule }) => ({ ...rule, Name })),
    })
    deployPipe(next)
    polls = deployment.all('AWS::Lambda::EventSourceMapping', Mapping).flatMap(({ EventSourceArn, FunctionName, Enabled, is: _, ...properties }) => {
      const [queue, made] = [nameIn(EventSourceArn), functions.find(FunctionName)]
      if (!Enabled || !made) return []
      const client = new SQSClient(as(made.role))
      const queueUrl = `${as(made.role).endpoint}/${ACCOUNT}/${queue}`
      // Lambda reads a queue with the function's own leave.
      return [{ queue, poll: poller({ properties, client, queueUrl, invoke: (event) => invoked(made.name, queue, event) }) }]
    })
    void leave
  }

  const turn = async (): Promise<number> => {
    let moved = (await stream?.pipe.pump()) ?? 0
    for (const { queue, poll } of polls) {
      while (queues.hasVisible(queue)) {
        const batch = await poll()
        if (!batch) break
        moved += batch.records
        await batch.over
      }
    }
    return moved
  }

  /** What was committed and never reached the bus, what reached it and not whoever is to hear of it, and what nobody takes. */
  const findLost = async (): Promise<void> => {
    if (!deployed) return
    for (const { id, name } of await committed(deployed)) {
      if (!told.has(id) && !past.has(id)) troubles.push(`${name} was committed and never came to the bus: the pipe ${stream?.name} takes none of it.`)
    }
    for (const [id, name] of told)
      for (const listener of listening)
        if (listener.hears === name && !heard.has(`${listener.name} ${id}`))
          troubles.push(`${listener.name} hears nothing of ${name}: no rule takes it to a queue.`)
    for (const { type, attributes } of deployed.deployment.placed) {
      const queue = attributes['QueueName'] ?? ''
      if (type !== 'AWS::SQS::Queue' || !queues.hasVisible(queue)) continue
      if (!polls.some((each) => each.queue === queue)) troubles.push(`${queues.bodies(queue).length} messages lie in ${queue}, and no function takes them.`)
    }
    for (const { rule, target } of buses.lost) troubles.push(`What the rule ${rule} could not send to ${target} was lost: it has no dead letter queue.`)
  }

  const exhaust = async (idle: () => Promise<void>): Promise<void> => {
    for (let moved = 1; moved > 0; ) {
      await Promise.all(pending)
      moved = await turn()
      await idle()
      if (moved === 0) moved = await turn()
    }
  }

  const emit = (event: Pick<Envelope, 'source' | 'detail-type' | 'detail'>): Promise<void> => buses.tell(event)
  return {
    ...{ bus, deploy, emit },
    /** What a bucket tells of an object. */
    tell(event: Pick<Envelope, 'source' | 'detail-type' | 'detail'>, isTelling: boolean): void {
      if (!isTelling) return
      const sent = emit(event)
        .catch((error: unknown) => void troubles.push(String(error)))
        .finally(() => pending.delete(sent))
      pending.add(sent)
    },
    /**
     * Moves on whatever can move, until nothing does. What was put off is waited for: two who write the same is no fault, and the one
     * who was late tries again. `idle`: what else is under way · `isBroken`: there is no use in waiting.
     */
    async settle({ idle, isBroken }: { idle(): Promise<void>; isBroken(): boolean }): Promise<void> {
      const since = performance.now()
      for (;;) {
        await exhaust(idle)
        const isResting = polls.some(({ queue }) => queues.bodies(queue).length > 0)
        if (!isResting || isBroken() || troubles.length > 0) break
        if (performance.now() - since > PATIENCE_MS) {
          troubles.push(...setbacks)
          break
        }
        await pause(100)
      }
      setbacks.splice(0)
      await findLost()
    },
    /** What has happened so far is not looked for any more: for what is deployed next. */
    async forget(): Promise<void> {
      for (const { id } of deployed ? await committed(deployed) : []) past.add(id)
      told.clear()
      heard.clear()
    },
  }
}

export type Flow = ReturnType<typeof flowOf>
