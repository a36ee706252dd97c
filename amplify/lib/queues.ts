import { Duration } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { QUEUE } from '../../homes/aws/routes.ts'
import { acknowledge } from './nag.ts'
import type { Names } from './names.ts'
import { ruleSource } from './policies.ts'

/** As long as a function may run and a little: a message is never with two of them. */
export const EVENTS_TIMEOUT = Duration.minutes(15)
const VISIBILITY = EVENTS_TIMEOUT.plus(Duration.minutes(1))
const KEPT = Duration.seconds(QUEUE.MessageRetentionPeriod)

export type Queued = { queue: Queue; dead: Queue; feature: string }

/** Where messages wait that nobody could be told of. Each has an alarm. */
export const deadLetterQueue = (scope: Construct, names: Names, feature: string): Queue => {
  const dead = new Queue(scope, `${feature}-dead`, { queueName: names.deadLetters(feature), retentionPeriod: KEPT, enforceSSL: true })
  acknowledge(dead, 'It is itself where messages end: an alarm tells of each, and somebody looks.', 'AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy')
  return dead
}

/**
 * A queue with its dead letters, that rules of a bus may send to. One statement for all of them: a queue's policy takes twenty, and
 * a feature may have more listeners.
 */
export const queueOf = (scope: Construct, names: Names, feature: string, ...rules: readonly string[]): Queued => {
  const dead = deadLetterQueue(scope, names, feature)
  const queue = new Queue(scope, `${feature}-queue`, {
    queueName: names.queue(feature),
    visibilityTimeout: VISIBILITY,
    retentionPeriod: KEPT,
    deliveryDelay: Duration.seconds(QUEUE.DelaySeconds),
    enforceSSL: true,
    deadLetterQueue: { queue: dead, maxReceiveCount: QUEUE.maxReceiveCount },
  })
  for (const each of [queue, dead]) {
    each.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [each.queueArn],
        conditions: ruleSource(...rules),
      }),
    )
  }
  return { queue, dead, feature }
}
