import type { Stack } from 'aws-cdk-lib'
import { Dashboard, GraphWidget, type IMetric, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch'
import { NAMESPACE } from '../../homes/aws/emf-names.ts'
import type { Entry } from '../bundle.ts'
import { metric } from '../lib/alarms.ts'
import { arnOf, type Names } from '../lib/names.ts'

export type Watched = {
  /** Features whose dead letters have a queue. */
  deadLetters: readonly string[]
  /** Features whose messages wait in one. */
  queues: readonly string[]
  /** Each with the seconds it may run. */
  functions: readonly { entry: Entry; seconds: number }[]
  table: string
  apis: readonly { name: 'api' | 'hooks'; id: string }[]
  cluster: string
  isMeasured: boolean
}

const WIDTH = 12

const graph = (title: string, left: IMetric[]): GraphWidget => new GraphWidget({ title, left, width: WIDTH, height: 6 })

/** What the functions measure themselves, where somebody has asked for it (homes/aws/emf.ts). */
const measured = (table: string): GraphWidget[] => {
  const of = (name: string, more: Record<string, string>, statistic: string) => metric(NAMESPACE, name, { school: table, ...more }, { statistic })
  const times = [
    of('http.server.request.duration', {}, 'p95'),
    ...['done', 'conflict', 'failed'].map((outcome) => of('lectern.tables.commit.duration', { outcome }, 'p95')),
  ]
  const counts = [
    of('lectern.events', {}, 'Sum'),
    ...['paid', 'refunded', 'disputed', 'held'].map((state) => of('lectern.orders', { state }, 'Sum')),
    ...['sent', 'failed'].map((outcome) => of('lectern.mail.letters', { outcome }, 'Sum')),
  ]
  return [graph('Answers and commits, 95 in a hundred (s)', times), graph('Events, orders and letters', counts)]
}

/** One page, from what learners feel down to what it costs. Three of these are free in an account. */
export const dashboardOf = (stack: Stack, names: Names, { deadLetters, queues, functions, table, apis, isMeasured }: Watched): Dashboard => {
  const dashboard = new Dashboard(stack, 'board', { dashboardName: names.prefix })
  const requests = apis.flatMap(({ id }) => ['Count', '5xx', '4xx'].map((name) => metric('AWS/ApiGateway', name, { ApiId: id })))
  const latency = apis.map(({ id }) => metric('AWS/ApiGateway', 'Latency', { ApiId: id }, { statistic: 'p95' }))
  const runs = (name: string, statistic?: string) =>
    functions.map(({ entry }) => metric('AWS/Lambda', name, { FunctionName: names.function(entry) }, statistic === undefined ? {} : { statistic }))
  const waiting = queues.map((feature) => metric('AWS/SQS', 'ApproximateAgeOfOldestMessage', { QueueName: names.queue(feature) }, { statistic: 'Maximum' }))
  const dead = deadLetters.map((feature) =>
    metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: names.deadLetters(feature) }, { statistic: 'Maximum' }),
  )
  const commits = ['SuccessfulRequestLatency', 'ThrottledRequests'].map((name) =>
    metric('AWS/DynamoDB', name, { TableName: table, Operation: 'TransactWriteItems' }, { statistic: name === 'SuccessfulRequestLatency' ? 'p99' : 'Sum' }),
  )
  const made = ['HDOutputDuration', 'SDOutputDuration', 'JobsErroredCount'].map((name) =>
    metric('AWS/MediaConvert', name, { Queue: arnOf('mediaconvert', `queues/${names.transcoding}`) }, { minutes: 24 * 60 }),
  )
  dashboard.addWidgets(graph('Requests', requests), graph('Latency, 95 in a hundred (ms)', latency))
  dashboard.addWidgets(graph('Faults of functions', runs('Errors')), graph('Their time, 95 in a hundred (ms)', runs('Duration', 'p95')))
  dashboard.addWidgets(graph('Oldest message waiting (s)', waiting), graph('Dead letters', dead))
  dashboard.addWidgets(graph('Commits', commits), new SingleValueWidget({ title: 'Picture made a day', metrics: made, width: WIDTH, height: 6 }))
  if (isMeasured) dashboard.addWidgets(...measured(table))
  return dashboard
}
