import { Duration, type Stack } from 'aws-cdk-lib'
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import { paces } from '../../homes/aws/wiring.ts'
import { functionOf } from '../lib/functions.ts'
import { acknowledge } from '../lib/nag.ts'
import type { Names } from '../lib/names.ts'
import { may, maySend } from '../lib/policies.ts'
import { deadLetterQueue } from '../lib/queues.ts'

/** EventBridge Scheduler counts in minutes and hours. */
const rate = (seconds: number): string => {
  const minutes = seconds / 60
  if (!Number.isInteger(minutes) || minutes < 1) throw new Error(`A timer every ${seconds} s cannot be kept: schedules run once a minute at most.`)
  return minutes === 1 ? 'rate(1 minute)' : `rate(${minutes} minutes)`
}

type Timing = { names: Names; environment: Readonly<Record<string, string>>; leave: readonly PolicyStatement[] }

/** The school's timers: a schedule for each pace they have, and a function that runs those of one pace. */
export const scheduleStack = (stack: Stack, { names, environment, leave }: Timing) => {
  const dead = deadLetterQueue(stack, names, 'schedule')
  const made = functionOf(stack, {
    names,
    entry: 'schedule',
    environment,
    leave: [...leave, maySend([dead.queueArn])],
    timeout: Duration.minutes(15),
    memoryMb: 512,
    deadLetters: dead,
  })
  // A run that failed is followed by the next one: trying it again would only let two meet.
  made.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(5) })
  acknowledge(made, 'What fails goes to the dead letter queue of the function itself.', 'Serverless-LambdaAsyncFailureDestination')
  const role = new Role(stack, 'scheduler-role', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    inlinePolicies: { invoke: new PolicyDocument({ statements: [may(['lambda:InvokeFunction'], [made.functionArn]), maySend([dead.queueArn])] }) },
  })
  const group = new CfnScheduleGroup(stack, 'timers', { name: names.prefix })
  for (const everySeconds of paces) {
    new CfnSchedule(stack, `every-${everySeconds}`, {
      name: `every-${everySeconds}-seconds`,
      groupName: group.ref,
      flexibleTimeWindow: { mode: 'OFF' },
      scheduleExpression: rate(everySeconds),
      target: {
        arn: made.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ everySeconds }),
        deadLetterConfig: { arn: dead.queueArn },
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 300 },
      },
    })
  }
  return { dead, function: made }
}
