import type { Stack } from 'aws-cdk-lib'
import { CfnRule, type IEventBus } from 'aws-cdk-lib/aws-events'
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { CfnEventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { MAPPING, ruleOf } from '../../homes/aws/routes.ts'
import { features, type Listening, listening } from '../../homes/aws/wiring.ts'
import { functionOf } from '../lib/functions.ts'
import { acknowledge } from '../lib/nag.ts'
import type { Names } from '../lib/names.ts'
import { mayTakeFrom } from '../lib/policies.ts'
import { EVENTS_TIMEOUT, type Queued, queueOf } from '../lib/queues.ts'

const RETRIES = { maximumEventAgeInSeconds: 24 * 3600, maximumRetryAttempts: 185 }
/** News of a video and of people who have just signed up: few, and soon told. */
const NEWS_AT_ONCE = 4

export const SIGN_UP = { source: 'lectern.sign-up', detailType: 'person.confirmed' } as const

type Telling = { names: Names; bus: IEventBus; queues: ReadonlyMap<string, Queued> }

/** One rule a listener: each has a message of its own, with retries and an end of its own. */
const ruleFor = (stack: Stack, { name, feature, hears }: Listening, { bus, queues }: Telling): CfnRule => {
  const queued = queues.get(feature)
  if (!queued) throw new Error(`No queue is called ${feature}.`)
  const { EventPattern, InputTransformer } = ruleOf({ name, hears: [hears] })
  return new CfnRule(stack, `hears-${name}`, {
    name,
    eventBusName: bus.eventBusName,
    eventPattern: EventPattern,
    targets: [
      {
        id: 'queue',
        arn: queued.queue.queueArn,
        inputTransformer: { inputPathsMap: InputTransformer.InputPathsMap, inputTemplate: InputTransformer.InputTemplate },
        deadLetterConfig: { arn: queued.dead.queueArn },
        retryPolicy: RETRIES,
      },
    ],
  })
}

/** Cognito's own telling, as it is: the directory is filled by it. */
const signUps = (stack: Stack, { names, bus, queues }: Telling): CfnRule => {
  const people = queues.get('people')
  if (!people) throw new Error('No queue is called people.')
  return new CfnRule(stack, 'sign-ups', {
    name: `${names.prefix}-sign-ups`,
    eventBusName: bus.eventBusName,
    eventPattern: { source: [SIGN_UP.source], 'detail-type': [SIGN_UP.detailType] },
    targets: [{ id: 'queue', arn: people.queue.queueArn, deadLetterConfig: { arn: people.dead.queueArn }, retryPolicy: RETRIES }],
  })
}

const listens = (stack: Stack, { queue, feature }: Queued, made: LambdaFunction, atOnce: number): CfnEventSourceMapping => {
  const mapping = new CfnEventSourceMapping(stack, `takes-${feature}`, {
    eventSourceArn: queue.queueArn,
    functionName: made.functionArn,
    batchSize: MAPPING.BatchSize,
    functionResponseTypes: [...MAPPING.FunctionResponseTypes],
    scalingConfig: { maximumConcurrency: atOnce },
  })
  acknowledge(
    mapping,
    "Of streams only: what fails stays in the queue, and ends in the queue's own dead letters.",
    'Serverless-LambdaEventSourceMappingDestination',
  )
  return mapping
}

type Listens = {
  names: Names
  bus: IEventBus
  environment: Readonly<Record<string, string>>
  leave: readonly PolicyStatement[]
  /** Queues that other stacks' rules fill. */
  others: readonly Queued[]
}

const arnsOf = (queued: readonly Queued[]): [string, ...string[]] => {
  const [first, ...rest] = queued.map(({ queue }) => queue.queueArn)
  if (first === undefined) throw new Error('There are no queues.')
  return [first, ...rest]
}

/** Who hears of what: a rule for each listener, a queue with its dead letters for each feature, one function for all. */
export const eventsStack = (stack: Stack, { names, bus, environment, leave, others }: Listens) => {
  const own = [...features.map(({ name }) => name), 'people'].map((feature) => queueOf(stack, names, feature, `${names.bus}/*`))
  const telling = { names, bus, queues: new Map(own.map((queued) => [queued.feature, queued])) }
  for (const each of listening) ruleFor(stack, each, telling)
  signUps(stack, telling)
  const queues = [...own, ...others]
  const made = functionOf(stack, {
    names,
    entry: 'events',
    environment,
    leave: [...leave, mayTakeFrom(arnsOf(queues))],
    timeout: EVENTS_TIMEOUT,
    memoryMb: 1024,
  })
  const atOnceOf = new Map(features.map(({ name, atOnce }) => [name, atOnce]))
  for (const queued of queues) listens(stack, queued, made, atOnceOf.get(queued.feature) ?? NEWS_AT_ONCE)
  return { queues, function: made }
}
export type Heard = ReturnType<typeof eventsStack>
