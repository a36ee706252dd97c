import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { Cluster, ContainerInsights, type FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import { CfnRule, EventBus } from 'aws-cdk-lib/aws-events'
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager'
import { acknowledge, acknowledgeWildcards } from '../lib/nag.ts'
import { arnOf, type Names } from '../lib/names.ts'
import { networkOf } from '../lib/network.ts'
import type { Plan } from '../lib/plan.ts'
import { may, mayReadSecrets, maySend, ruleSource } from '../lib/policies.ts'
import { deadLetterQueue } from '../lib/queues.ts'
import { taskOf } from '../lib/tasks.ts'

/** A draft nobody has taken up by then is written anew. */
const DRAFT_DAYS = 14
const CONTENT = 'lectern.content'

const draftsBucket = (stack: Stack, logs: Bucket): Bucket =>
  new Bucket(stack, 'drafts', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
    serverAccessLogsBucket: logs,
    serverAccessLogsPrefix: 'drafts/',
    lifecycleRules: [{ expiration: Duration.days(DRAFT_DAYS), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  })

/** What a schedule or a rule needs to begin a task. */
type Starting = { by: string; definition: FargateTaskDefinition; passes: readonly IRole[]; dead: string }

const startingRole = (stack: Stack, id: string, { by, definition, passes, dead }: Starting): Role => {
  const [taskRole, ...others] = passes.map(({ roleArn }) => roleArn)
  if (taskRole === undefined) throw new Error('A task has no role.')
  // Whichever revision is the newest: a schedule goes on when an image is deployed.
  const run = [may(['ecs:RunTask'], [arnOf('ecs', `task-definition/${definition.family}:*`)])]
  const passing = may(['iam:PassRole'], [taskRole, ...others])
  passing.addCondition('StringEquals', { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' })
  const role = new Role(stack, id, {
    assumedBy: new ServicePrincipal(by),
    inlinePolicies: { start: new PolicyDocument({ statements: [...run, passing, maySend([dead])] }) },
  })
  acknowledgeWildcards(role, run, 'Every revision of one task definition: a new image makes a new one.')
  return role
}

type Running = { names: Names; cluster: Cluster; subnets: string[]; group: string; dead: string }

const networkFor = ({ subnets, group }: Running) => ({ subnets, securityGroups: [group], assignPublicIp: 'ENABLED' })

/** The writer begins by the clock: what it writes, and when, is one schedule each in this group. Off until there is an image. */
const writing = (stack: Stack, running: Running, { definition, role, isOn }: { definition: FargateTaskDefinition; role: Role; isOn: boolean }): void => {
  const group = new CfnScheduleGroup(stack, 'content', { name: running.names.contentBus })
  new CfnSchedule(stack, 'weekly', {
    name: 'weekly',
    groupName: group.ref,
    state: isOn ? 'ENABLED' : 'DISABLED',
    flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 60 },
    scheduleExpression: 'cron(0 4 ? * MON *)',
    target: {
      arn: running.cluster.clusterArn,
      roleArn: role.roleArn,
      input: '{}',
      ecsParameters: {
        taskDefinitionArn: arnOf('ecs', `task-definition/${definition.family}`),
        launchType: 'FARGATE',
        taskCount: 1,
        networkConfiguration: { awsvpcConfiguration: networkFor(running) },
      },
      deadLetterConfig: { arn: running.dead },
      retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3600 },
    },
  })
}

/** A draft that is written begins its publisher. */
const publishing = (stack: Stack, running: Running, { definition, role, bus }: { definition: FargateTaskDefinition; role: Role; bus: EventBus }): void => {
  new CfnRule(stack, 'written', {
    name: 'draft.written',
    eventBusName: bus.eventBusName,
    eventPattern: { source: [CONTENT], 'detail-type': ['draft.written'] },
    targets: [
      {
        id: 'publisher',
        arn: running.cluster.clusterArn,
        roleArn: role.roleArn,
        inputTransformer: {
          inputPathsMap: { draft: '$.detail.draft' },
          inputTemplate: '{"containerOverrides": [{"name": "publisher", "environment": [{"name": "DRAFT", "value": <draft>}]}]}',
        },
        ecsParameters: {
          taskDefinitionArn: arnOf('ecs', `task-definition/${definition.family}`),
          launchType: 'FARGATE',
          taskCount: 1,
          networkConfiguration: { awsVpcConfiguration: networkFor(running) },
        },
        deadLetterConfig: { arn: running.dead },
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 24 * 3600 },
      },
    ],
  })
}

const secretOf = (stack: Stack, names: Names): string => {
  const secret = new CfnSecret(stack, 'secret', {
    name: `${names.prefix}/content`,
    description: 'Keys of the model that writes and of the repository that is written to.',
  })
  secret.applyRemovalPolicy(RemovalPolicy.RETAIN)
  acknowledge(secret, 'Other companies make these keys: turned over by the steps in docs/operations, not by a timer.', 'AwsSolutions-SMG4')
  return secret.ref
}

const busOf = (stack: Stack, names: Names): EventBus => {
  const bus = new EventBus(stack, 'bus', { eventBusName: names.contentBus, description: 'What the writer and the publisher tell each other.' })
  acknowledge(bus, 'Its one rule has a dead letter queue at its target.', 'Serverless-EventBusDLQ')
  return bus
}

const tasksOf = (stack: Stack, { names, images }: Plan, { drafts, bus, secret }: { drafts: Bucket; bus: EventBus; secret: string }) => {
  const environment = { CONTENT_BUS: names.contentBus, DRAFTS_BUCKET: drafts.bucketName, CONTENT_SECRET_ARN: secret }
  const every = drafts.arnForObjects('drafts/*')
  const common = [mayReadSecrets(secret), may(['events:PutEvents'], [bus.eventBusArn])]
  return {
    writer: taskOf(stack, { names, task: 'writer', image: images?.writer, environment, leave: [...common, may(['s3:PutObject'], [every])] }),
    publisher: taskOf(stack, { names, task: 'publisher', image: images?.publisher, environment, leave: [...common, may(['s3:GetObject'], [every])] }),
  }
}

/** Courses that are written by machine: a task that writes drafts by the clock, and one that proposes them to the school's repository. */
export const contentStack = (stack: Stack, plan: Plan, logs: Bucket) => {
  const { names } = plan
  const { vpc, outward } = networkOf(stack, names)
  const cluster = new Cluster(stack, 'cluster', { vpc, clusterName: names.contentBus, containerInsightsV2: ContainerInsights.DISABLED })
  acknowledge(cluster, 'Two tasks that run for minutes a week: their logs and exit codes say enough, and insights cost more than they.', 'AwsSolutions-ECS4')
  const dead = deadLetterQueue(stack, names, 'content')
  const bus = busOf(stack, names)
  dead.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [dead.queueArn],
      conditions: ruleSource(`${names.contentBus}/draft.written`, `${names.prefix}-task-failed`),
    }),
  )
  const { writer, publisher } = tasksOf(stack, plan, { drafts: draftsBucket(stack, logs), bus, secret: secretOf(stack, names) })
  const running = { names, cluster, subnets: vpc.publicSubnets.map(({ subnetId }) => subnetId), group: outward.securityGroupId, dead: dead.queueArn }
  const starts = (by: string, { definition, roles }: typeof writer, id: string) => ({
    definition,
    role: startingRole(stack, id, { by, definition, passes: roles, dead: dead.queueArn }),
  })
  writing(stack, running, { ...starts('scheduler.amazonaws.com', writer, 'writer-start'), isOn: plan.images !== undefined })
  publishing(stack, running, { ...starts('events.amazonaws.com', publisher, 'publisher-start'), bus })
  return { dead, cluster }
}
