import type { Stack } from 'aws-cdk-lib'
import { CfnRule, type EventBus } from 'aws-cdk-lib/aws-events'
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { contentBus } from '../../homes/aws/content-wiring.ts'
import { acknowledgeWildcards } from '../lib/nag.ts'
import { arnOf, type Names } from '../lib/names.ts'
import { mayRunTasks, maySend, type Runnable, ruleSource } from '../lib/policies.ts'
import { deadLetterQueue, type Queued, queueOf } from '../lib/queues.ts'

export type Place = { cluster: string; subnets: readonly string[]; securityGroup: string }
type Starting = { names: Names; bus: EventBus; place: Place; runnable: Runnable }

const RETRIES = { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 24 * 3600 }
const TASK_ENDED = 'task-ended'

/** Told by rules of the content bus, and by one of the default bus: containers that ended otherwise than by themselves and well. */
export const contentQueue = (stack: Stack, names: Names): Queued => queueOf(stack, names, 'tasks', `${names.contentBus}/*`, `${names.prefix}-${TASK_ENDED}`)

const into = ({ queue, dead }: Queued): CfnRule.TargetProperty[] => [
  { id: 'school', arn: queue.queueArn, deadLetterConfig: { arn: dead.queueArn }, retryPolicy: RETRIES },
]

/** What programs tell, the school hears. */
export const newsToSchool = (stack: Stack, bus: EventBus, queued: Queued): CfnRule =>
  new CfnRule(stack, 'news', {
    name: 'news',
    eventBusName: bus.eventBusName,
    eventPattern: { source: [contentBus.source], 'detail-type': [...contentBus.news] },
    targets: into(queued),
  })

export const endsToSchool = (stack: Stack, { names, cluster, queued }: { names: Names; cluster: string; queued: Queued }): CfnRule =>
  new CfnRule(stack, TASK_ENDED, {
    name: `${names.prefix}-${TASK_ENDED}`,
    eventPattern: endedBadly(cluster),
    targets: into(queued),
  })

/** A task of a cluster that ended otherwise than by itself and well. */
export const endedBadly = (cluster: string) => ({
  source: ['aws.ecs'],
  'detail-type': ['ECS Task State Change'],
  detail: {
    clusterArn: [cluster],
    lastStatus: ['STOPPED'],
    $or: [{ stopCode: [{ 'anything-but': 'EssentialContainerExited' }] }, { containers: { exitCode: [{ 'anything-but': 0 }] } }],
  },
})

const startingRole = (stack: Stack, runnable: Runnable, dead: string): Role => {
  const running = mayRunTasks(runnable)
  const role = new Role(stack, 'publisher-start', {
    assumedBy: new ServicePrincipal('events.amazonaws.com'),
    inlinePolicies: { start: new PolicyDocument({ statements: [...running, maySend([dead])] }) },
  })
  acknowledgeWildcards(role, running, 'Every revision of one task definition: a new image makes a new one.')
  return role
}

/** What a container is told of the news it is begun for; `taskId` of core/series/bus.ts words the id. */
const told = (program: string): string =>
  `{"containerOverrides": [{"name": "${program}", "environment": [{"name": "RUN", "value": <run>}, {"name": "TASK_ID", "value": "<run>.<attempt>.${program}"}]}]}`

/** The bus's own rules that begin a program: no school need be awake for it. What cannot be begun ends with an alarm. */
export const startsOf = (stack: Stack, { names, bus, place, runnable }: Starting) => {
  const dead = deadLetterQueue(stack, names, 'starts')
  const role = startingRole(stack, runnable, dead.queueArn)
  for (const { type, where, starts } of contentBus.starts) {
    new CfnRule(stack, `${type}-starts`, {
      name: type,
      eventBusName: bus.eventBusName,
      eventPattern: {
        source: [contentBus.source],
        'detail-type': [type],
        detail: Object.fromEntries(Object.entries(where).map(([name, value]) => [name, [value]])),
      },
      targets: [
        {
          id: starts,
          arn: place.cluster,
          roleArn: role.roleArn,
          inputTransformer: { inputPathsMap: { run: '$.detail.run', attempt: '$.detail.attempt' }, inputTemplate: told(starts) },
          ecsParameters: {
            taskDefinitionArn: arnOf('ecs', `task-definition/${names.function(starts)}`),
            launchType: 'FARGATE',
            taskCount: 1,
            networkConfiguration: { awsVpcConfiguration: { subnets: [...place.subnets], securityGroups: [place.securityGroup], assignPublicIp: 'ENABLED' } },
          },
          deadLetterConfig: { arn: dead.queueArn },
          retryPolicy: RETRIES,
        },
      ],
    })
  }
  dead.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [dead.queueArn],
      conditions: ruleSource(...contentBus.starts.map(({ type }) => `${names.contentBus}/${type}`), `${names.prefix}-task-failed`),
    }),
  )
}
