import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { SQSBatchResponse } from 'aws-lambda'
import * as z from 'zod'
import { listening } from '#homes/aws/wiring.ts'
import { ACCOUNT } from '../endpoint.ts'
import { type Pipe as PipePlay, type PipeProperties, pipe } from '../pipe.ts'
import { poller } from '../poller.ts'
import type { Sqs } from '../sqs.ts'
import type { BusPlay } from './bus.ts'
import type { Deployment } from './deployment.ts'
import type { Functions } from './functions.ts'
import type { Leave } from './leave.ts'
import { Mapping, Pipe } from './routing.ts'

type Signing = { endpoint: string; region: string; maxAttempts: number; credentials: { accessKeyId: string; secretAccessKey: string } }
/** `pass`: moves the clock of the queues. */
type Options = { queues: Sqs; pass(ms: number): void; bus: BusPlay; functions: Functions; as(principal: string): Signing; troubles: string[] }
type Deployed = { deployment: Deployment; leave: Leave; stream: string; table: string; database: DynamoDBClient }
type Stream = { properties: PipeProperties; pipe: PipePlay }
type Poll = { queue: string; poll: ReturnType<typeof poller> }

const Answer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).default([]) }).optional()

/** By the clock of the queues. The school puts a message off for a few seconds at first. */
const PATIENCE_MS = 20_000
const STEP_MS = 100

/** Every event in the table. */
const committed = async ({ database, table }: Deployed): Promise<{ id: string; name: string }[]> => {
  const asked = { FilterExpression: 'begins_with(pk, :event)', ExpressionAttributeValues: { ':event': { S: 'event#' } } }
  const { Items = [] } = await database.send(new ScanCommand({ TableName: table, ...asked }))
  return Items.map(({ pk, name }) => ({ id: (pk?.S ?? '').slice('event#'.length), name: name?.S ?? '' }))
}

/** The pipe of the templates, as its role. One that is changed goes on where it was. */
const pipeFrom = ({ deployment, leave, stream: source }: Deployed, as: Options['as'], before: Stream | undefined): Stream => {
  const [found] = deployment.all('AWS::Pipes::Pipe', Pipe)
  if (!found) throw new Error('The templates have no pipe from the table to the bus.')
  const { is: _, RoleArn, ...own } = found
  if (!leave.mayAssume(RoleArn, 'pipes.amazonaws.com')) throw new Error(`No pipe may act as ${RoleArn}.`)
  const role = leave.role(RoleArn)?.name ?? RoleArn
  const properties: PipeProperties = { ...own, Source: source }
  if (!before) return { properties, pipe: pipe(properties, { streams: new DynamoDBStreamsClient(as(role)), bus: new EventBridgeClient(as(role)) }) }
  Object.assign(before.properties, properties)
  return before
}

/** What reached the bus and not whoever is to hear of it, what never reached it, and what nobody takes. */
const lostIn = async (
  deployed: Deployed,
  { queues, bus }: Options,
  { past, polls, pipeName }: { past: Set<string>; polls: readonly Poll[]; pipeName: string },
) => {
  const unpiped = (await committed(deployed)).filter(({ id }) => !bus.told.has(id) && !past.has(id))
  const unheard = [...bus.told].flatMap(([id, name]) => listening.filter((listener) => listener.hears === name && !bus.isHeard(listener.name, id)))
  const untaken = deployed.deployment.placed.flatMap(({ type, attributes }) => {
    const queue = attributes['QueueName'] ?? ''
    const isTaken = polls.some((each) => each.queue === queue)
    return type === 'AWS::SQS::Queue' && !isTaken && queues.bodies(queue).length > 0 ? [queue] : []
  })
  return [
    ...unpiped.map(({ name }) => `${name} was committed and never came to the bus: the pipe ${pipeName} takes none of it.`),
    ...unheard.map(({ name, hears }) => `${name} hears nothing of ${hears}: no rule takes it to a queue.`),
    ...untaken.map((queue) => `${queues.bodies(queue).length} messages lie in ${queue}, and no function takes them.`),
    ...bus.lost().map(({ rule, target }) => `What the rule ${rule} could not send to ${target} was lost: it has no dead letter queue.`),
  ]
}

/** Lambda's pollers of the templates' event source mappings. What a function reports as failed is a setback; what it throws, trouble. */
const pollsFrom = ({ deployment }: Deployed, { functions, as, troubles }: Options, setbacks: string[]): Poll[] => {
  const invoked = async (name: string, queue: string, event: unknown): Promise<SQSBatchResponse | undefined> => {
    try {
      const answer = Answer.parse(await functions.invoke(name, event))
      const failed = answer?.batchItemFailures.length ?? 0
      if (failed > 0) setbacks.push(`${failed} messages of ${queue} failed: ${(await functions.errors()).slice(-2).join('; ')}`)
      return answer
    } catch (error) {
      troubles.push(error instanceof Error ? error.message : String(error))
      throw error
    }
  }
  return deployment.all('AWS::Lambda::EventSourceMapping', Mapping).flatMap(({ EventSourceArn, FunctionName, Enabled, is: _, ...properties }) => {
    const [queue, made] = [EventSourceArn.split(':').at(-1) ?? '', functions.find(FunctionName)]
    if (!Enabled || !made) return []
    // Lambda reads a queue with the function's own leave.
    const client = new SQSClient(as(made.role))
    const queueUrl = `${as(made.role).endpoint}/${ACCOUNT}/${queue}`
    return [{ queue, poll: poller({ properties, client, queueUrl, invoke: (event) => invoked(made.name, queue, event) }) }]
  })
}

type Settling = { idle(): Promise<void>; isBroken(): boolean }

/** How what is committed becomes known: stream, pipe, bus, rules, queues and pollers, all as the templates have them, moved on by hand. */
export const flowOf = (options: Options) => {
  const { queues, pass, bus, as, troubles } = options
  let deployed: Deployed | undefined
  let stream: Stream | undefined
  let polls: Poll[] = []
  const past = new Set<string>()
  const setbacks: string[] = []

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
  const exhaust = async (idle: Settling['idle']): Promise<void> => {
    for (let moved = 1; moved > 0; ) {
      await bus.quiet()
      moved = await turn()
      await idle()
      if (moved === 0) moved = await turn()
    }
  }

  return {
    deploy(next: Deployed): void {
      deployed = next
      stream = pipeFrom(next, as, stream)
      polls = pollsFrom(next, options, setbacks)
    },
    /**
     * Moves on whatever can move, until nothing does. What was put off is waited for: two who write the same is no fault, and the one
     * who was late tries again. `idle`: what else is under way · `isBroken`: there is no use in waiting.
     */
    async settle({ idle, isBroken }: Settling): Promise<void> {
      for (let waited = 0; ; waited += STEP_MS) {
        await exhaust(idle)
        const isResting = polls.some(({ queue }) => queues.bodies(queue).length > 0)
        const isLate = waited > PATIENCE_MS
        if (isResting && isLate) troubles.push(...setbacks)
        if (!isResting || isLate || isBroken() || troubles.length > 0) break
        pass(STEP_MS)
      }
      setbacks.splice(0)
      if (deployed) troubles.push(...(await lostIn(deployed, options, { past, polls, pipeName: stream?.properties.Name ?? '' })))
    },
    /** What has happened so far is not looked for any more: for what is deployed next. */
    async forget(): Promise<void> {
      for (const { id } of deployed ? await committed(deployed) : []) past.add(id)
      bus.forget()
    },
  }
}

export type Flow = ReturnType<typeof flowOf>
