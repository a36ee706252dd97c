import type { Stack } from 'aws-cdk-lib'
import { CfnBudget } from 'aws-cdk-lib/aws-budgets'
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns'
import { alarm, metric, percent } from '../lib/alarms.ts'
import { arnOf, type Names } from '../lib/names.ts'
import type { Plan } from '../lib/plan.ts'
import { endedBadly } from './content-rules.ts'
import { dashboardOf, type Watched } from './watch-board.ts'

const MEDIACONVERT = 'AWS/MediaConvert'
/** Minutes of picture a day that nobody plans without knowing. */
const DAILY_MEDIA_SECONDS = 24 * 3600
const HOUR_MS = 3600_000

const onDeadLetters = (stack: Stack, names: Names, features: readonly string[], tells: IAlarmAction): void => {
  for (const feature of features) {
    alarm(
      stack,
      `dead-${feature}`,
      metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: names.deadLetters(feature) }, { statistic: 'Maximum' }),
      {
        means: `Something of "${feature}" could not be told of or done at all. Read the queue ${names.deadLetters(feature)}, mend, and move it back.`,
        over: 0,
        tells,
      },
    )
  }
}

/** Whose waiting somebody notices: money and access, videos. An alarm costs ten cents a month, and the others end as dead letters. */
const PRESSING: Record<string, number> = { payments: 15 * 60, media: 3600, transcoder: 3600 }

const onQueues = (stack: Stack, names: Names, features: readonly string[], tells: IAlarmAction): void => {
  for (const feature of features) {
    const over = PRESSING[feature]
    if (over === undefined) continue
    alarm(stack, `age-${feature}`, metric('AWS/SQS', 'ApproximateAgeOfOldestMessage', { QueueName: names.queue(feature) }, { statistic: 'Maximum' }), {
      means: `The oldest message of "${feature}" has waited long: its listener fails and is tried again, or there are more than it can do.`,
      over,
      periods: 2,
      tells,
    })
  }
}

const onFunctions = (stack: Stack, names: Names, functions: Watched['functions'], tells: IAlarmAction): void => {
  for (const { entry, seconds } of functions) {
    const of = (name: string, statistic = 'Sum') => metric('AWS/Lambda', name, { FunctionName: names.function(entry) }, { statistic })
    alarm(stack, `${entry}-errors`, of('Errors'), { means: `The function ${entry} ends with faults. Its log names them.`, over: 2, periods: 2, tells })
    // The others may take their time: a queue or a clock waits for them.
    if (entry !== 'api' && entry !== 'hooks') continue
    alarm(stack, `${entry}-slow`, of('Duration', 'p95'), {
      means: `One in twenty runs of ${entry} takes most of the time it may.`,
      over: seconds * 800,
      periods: 3,
      tells,
    })
  }
  alarm(stack, 'throttles', metric('AWS/Lambda', 'Throttles', {}), {
    means: 'The account has no room for more functions at once: ask AWS for more concurrency.',
    over: 0,
    periods: 2,
    tells,
  })
  const late = (name: string) =>
    metric('AWS/Lambda', name, { FunctionName: names.function('schedule') }, { statistic: name === 'AsyncEventAge' ? 'Maximum' : 'Sum' })
  alarm(stack, 'schedule-dropped', late('AsyncEventsDropped'), { means: 'Timers were dropped before they ran.', over: 0, tells })
  alarm(stack, 'schedule-late', late('AsyncEventAge'), { means: 'Timers begin minutes late.', over: 4 * 60_000, periods: 2, tells })
  alarm(stack, 'schedule-unsaved', late('DeadLetterErrors'), { means: 'A timer that failed could not be put aside.', over: 0, tells })
  alarm(stack, 'schedule-silent', metric('AWS/Lambda', 'Invocations', { FunctionName: names.function('schedule') }), {
    means: 'No timer has run for a quarter of an hour: payments are not reconciled.',
    over: 1,
    periods: 3,
    isBelow: true,
    tells,
  })
}

const onTable = (stack: Stack, table: string, tells: IAlarmAction): void => {
  const of = (name: string, more: Record<string, string> = {}, statistic = 'Sum') => metric('AWS/DynamoDB', name, { TableName: table, ...more }, { statistic })
  const operation = { Operation: 'TransactWriteItems' }
  alarm(stack, 'table-throttled', of('ThrottledRequests', operation), {
    means: 'Commits are throttled: one key is written to too often.',
    over: 5,
    periods: 2,
    tells,
  })
  alarm(stack, 'table-faults', of('SystemErrors', operation), { means: 'DynamoDB itself fails.', over: 5, periods: 2, tells })
  alarm(stack, 'table-conflicts', of('TransactionConflict'), { means: 'Commits meet each other often.', over: 100, periods: 3, tells })
  alarm(stack, 'table-slow', of('SuccessfulRequestLatency', operation, 'p99'), { means: 'Commits are slow.', over: 250, periods: 3, tells })
}

const onApis = (stack: Stack, apis: Watched['apis'], tells: IAlarmAction): void => {
  for (const { name, id } of apis) {
    const of = (what: string, statistic = 'Sum') => metric('AWS/ApiGateway', what, { ApiId: id }, { statistic })
    if (name === 'hooks')
      alarm(stack, 'hooks-5xx', of('5xx'), { means: "Another company's news could not be stored: it is sent again, for three days.", over: 0, tells })
    else {
      alarm(stack, 'api-5xx', percent(of('5xx'), of('Count'), '5xx in a hundred'), {
        means: 'More than one request in a hundred ends in a fault.',
        over: 1,
        periods: 2,
        tells,
      })
      alarm(stack, 'api-4xx', percent(of('4xx'), of('Count'), '4xx in a hundred'), {
        means: 'Most requests are refused: a script, or a release that went wrong.',
        over: 50,
        periods: 3,
        tells,
      })
    }
    alarm(stack, `${name}-latency`, of('Latency', 'p95'), { means: `One request in twenty to the ${name} takes long.`, over: 3000, periods: 3, tells })
  }
}

const onBuses = (stack: Stack, names: Names, tells: IAlarmAction): void => {
  for (const [id, name] of [
    ['invocations', 'FailedInvocations'],
    ['undelivered', 'InvocationsSentToDlq'],
    ['throttled', 'ThrottledRules'],
  ] as const) {
    const of = metric('AWS/Events', name, { EventBusName: names.bus })
    alarm(stack, `bus-${id}`, of, { means: `Events do not reach their queues (${name}).`, over: 0, tells })
  }
  const pipe = metric('AWS/EventBridge/Pipes', 'ExecutionFailed', { PipeName: names.prefix })
  alarm(stack, 'pipe-failed', pipe, { means: 'What is committed does not reach the bus: nobody hears of it until it does.', over: 0, periods: 2, tells })
}

const onMedia = (stack: Stack, names: Names, tells: IAlarmAction): void => {
  const queue = arnOf('mediaconvert', `queues/${names.transcoding}`)
  const of = (name: string, minutes: number, statistic = 'Sum') => metric(MEDIACONVERT, name, { Queue: queue }, { statistic, minutes })
  alarm(stack, 'transcoding-errors', of('JobsErroredCount', 15), { means: 'MediaConvert could not make a video. Its page says why.', over: 0, tells })
  alarm(stack, 'transcoding-waits', of('StandbyTime', 60, 'p95'), { means: 'Videos wait more than an hour before they are begun.', over: HOUR_MS, tells })
  for (const kind of ['HD', 'SD'] as const) {
    alarm(stack, `transcoding-${kind.toLowerCase()}-cost`, of(`${kind}OutputDuration`, 24 * 60), {
      means: `More than a whole day of ${kind} picture was made within a day: this is what costs money.`,
      over: DAILY_MEDIA_SECONDS * 1000,
      tells,
    })
  }
  alarm(stack, 'alerts-failed', metric('AWS/SNS', 'NumberOfNotificationsFailed', { TopicName: names.alerts }), {
    means: 'The owner could not be written to.',
    over: 0,
    tells,
  })
  alarm(stack, 'sign-in-throttled', metric('AWS/Cognito', 'SignInThrottles', {}), {
    means: 'Cognito refuses sign-ins for their number.',
    over: 10,
    periods: 2,
    tells,
  })
}

/**
 * The owner hears of each program that ended badly, before the school has tried it again. That nothing has come of a series for 26 hours
 * the school itself tells, by its own alert: no metric knows what was due.
 */
const onTasks = (stack: Stack, { names, cluster, topic }: { names: Names; cluster: string; topic: ITopic }): void => {
  new CfnRule(stack, 'task-failed', {
    name: `${names.prefix}-task-failed`,
    eventPattern: endedBadly(cluster),
    targets: [{ id: 'owner', arn: topic.topicArn, deadLetterConfig: { arn: arnOf('sqs', names.deadLetters('starts')) } }],
  })
}

/** Nothing of an idle school costs more than a few dollars: whatever goes beyond is told of twice. */
const budgetOf = (stack: Stack, { names, ownerEmail, monthlyBudgetUsd }: Plan): CfnBudget => {
  const told = (threshold: number, notificationType: 'ACTUAL' | 'FORECASTED') => ({
    notification: { comparisonOperator: 'GREATER_THAN', notificationType, threshold, thresholdType: 'PERCENTAGE' },
    subscribers: [{ subscriptionType: 'EMAIL', address: ownerEmail }],
  })
  return new CfnBudget(stack, 'budget', {
    budget: { budgetName: names.prefix, budgetType: 'COST', timeUnit: 'MONTHLY', budgetLimit: { amount: monthlyBudgetUsd, unit: 'USD' } },
    notificationsWithSubscribers: [told(80, 'ACTUAL'), told(100, 'FORECASTED')],
  })
}

/** Whoever keeps the school hears of what needs them, and sees the rest on one board. */
export const watchStack = (stack: Stack, plan: Plan, watched: Watched): void => {
  const { names } = plan
  const topic = Topic.fromTopicArn(stack, 'alerts', arnOf('sns', names.alerts))
  const tells = new SnsAction(topic)
  onDeadLetters(stack, names, watched.deadLetters, tells)
  onQueues(stack, names, watched.queues, tells)
  onFunctions(stack, names, watched.functions, tells)
  onTable(stack, watched.table, tells)
  onApis(stack, watched.apis, tells)
  onBuses(stack, names, tells)
  onMedia(stack, names, tells)
  onTasks(stack, { names, cluster: watched.cluster, topic })
  budgetOf(stack, plan)
  dashboardOf(stack, names, watched)
}
