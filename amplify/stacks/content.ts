import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs'
import { EventBus } from 'aws-cdk-lib/aws-events'
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager'
import { isToldTo, notesOfAsking, PAPERS_KEPT_DAYS, type Program } from '../../homes/aws/content-wiring.ts'
import { acknowledge } from '../lib/nag.ts'
import type { Names } from '../lib/names.ts'
import { networkOf } from '../lib/network.ts'
import type { Plan } from '../lib/plan.ts'
import { may, mayReadSecrets, mayRunTasks, mayUseDrafts } from '../lib/policies.ts'
import { taskOf } from '../lib/tasks.ts'
import { contentQueue, endsToSchool, newsToSchool, startsOf } from './content-rules.ts'

const draftsBucket = (stack: Stack, logs: Bucket): Bucket =>
  new Bucket(stack, 'drafts', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
    serverAccessLogsBucket: logs,
    serverAccessLogsPrefix: 'drafts/',
    lifecycleRules: [{ expiration: Duration.days(PAPERS_KEPT_DAYS), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  })

const SECRETS = { chatbot: 'The key of the model that writes. Nothing but the writer reads it.', github: 'What the repository of courses is written to with.' }

/** Two, so that the program which hears a model's words holds no key to the repository. */
const secretOf = (stack: Stack, names: Names, service: keyof typeof SECRETS): string => {
  const secret = new CfnSecret(stack, `${service}-secret`, { name: `${names.prefix}/${service}`, description: SECRETS[service] })
  secret.applyRemovalPolicy(RemovalPolicy.RETAIN)
  acknowledge(secret, 'Another company makes this key: turned over by the steps in docs/operations, not by a timer.', 'AwsSolutions-SMG4')
  return secret.ref
}

const busOf = (stack: Stack, names: Names): EventBus => {
  const bus = new EventBus(stack, 'bus', { eventBusName: names.contentBus, description: 'What the writer and the publisher tell each other, and the school.' })
  acknowledge(bus, 'Each of its rules has a dead letter queue at its target.', 'Serverless-EventBusDLQ')
  return bus
}

/** A model of Bedrock is asked by the writer's own role, without a key; its answers may come from another region of its profile. */
const mayAskBedrock = ({ settings }: Plan): PolicyStatement[] => {
  const model = settings['CHATBOT_MODEL']
  if (settings['CHATBOT_PROVIDER'] !== 'bedrock' || model === undefined) return []
  const bare = model.replace(/^(us|eu|apac|global)\./, '')
  return [
    may(
      ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
      [`arn:aws:bedrock:*::foundation-model/${bare}`, `arn:aws:bedrock:*:*:inference-profile/${model}`],
    ),
  ]
}

type Programs = { drafts: Bucket; bus: EventBus; chatbot: string; github: string }

/**
 * The writer reads its brief and writes its draft, and takes back its note that a model was being asked; the publisher reads both. Neither can
 * read the other's key, or any table.
 */
const programsOf = (stack: Stack, plan: Plan, { drafts, bus, chatbot, github }: Programs) => {
  const { names, images, settings, url } = plan
  const environmentFor = (name: Program, secret: string): Record<string, string> => ({
    ...Object.fromEntries(Object.entries(settings).filter(([variable]) => isToldTo(name, variable))),
    ...{ CONTENT_BUS: names.contentBus, DRAFTS_BUCKET: drafts.bucketName, CONTENT_SECRET_ARN: secret, LECTERN_URL: url },
  })
  const telling = may(['events:PutEvents'], [bus.eventBusArn])
  const writing = [
    ...[telling, mayReadSecrets(chatbot), ...mayUseDrafts(drafts, ['s3:GetObject', 's3:PutObject']), ...mayAskBedrock(plan)],
    may(['s3:DeleteObject'], [drafts.arnForObjects(notesOfAsking)]),
  ]
  const proposing = [telling, mayReadSecrets(github), ...mayUseDrafts(drafts, ['s3:GetObject'])]
  return {
    writer: taskOf(stack, { names, task: 'writer', image: images?.writer, environment: environmentFor('writer', chatbot), leave: writing }),
    publisher: taskOf(stack, { names, task: 'publisher', image: images?.publisher, environment: environmentFor('publisher', github), leave: proposing }),
  }
}

/** Lessons written by machine: a program that writes drafts, and one that proposes them to the school's repository. The school's timers begin them. */
export const contentStack = (stack: Stack, plan: Plan, logs: Bucket) => {
  const { names } = plan
  const { vpc, outward } = networkOf(stack, names)
  const cluster = new Cluster(stack, 'cluster', { vpc, clusterName: names.contentBus, containerInsightsV2: ContainerInsights.DISABLED })
  acknowledge(cluster, 'Two programs that run for minutes a week: their logs and exit codes say enough, and insights cost more than they.', 'AwsSolutions-ECS4')
  const [bus, drafts] = [busOf(stack, names), draftsBucket(stack, logs)]
  const [chatbot, github] = [secretOf(stack, names, 'chatbot'), secretOf(stack, names, 'github')]
  const { writer, publisher } = programsOf(stack, plan, { drafts, bus, chatbot, github })
  const place = { cluster: cluster.clusterArn, subnets: vpc.publicSubnets.map(({ subnetId }) => subnetId), securityGroup: outward.securityGroupId }
  const rolesOf = ({ roles: [own, pulling] }: typeof writer): [string, string] => [own.roleArn, pulling.roleArn]
  startsOf(stack, { names, bus, place, runnable: { families: [names.function('publisher')], roles: rolesOf(publisher), cluster: place.cluster } })
  const queued = contentQueue(stack, names)
  newsToSchool(stack, bus, queued)
  endsToSchool(stack, { names, cluster: place.cluster, queued })
  return {
    ...{ cluster, drafts, githubSecret: github, queues: [queued] },
    place: { cluster: names.contentBus, subnets: place.subnets.join(','), securityGroup: place.securityGroup },
    /** For whoever begins either of them. */
    begins: mayRunTasks({
      families: [names.function('writer'), names.function('publisher')],
      roles: [...rolesOf(writer), ...rolesOf(publisher)],
      cluster: place.cluster,
    }),
  }
}
export type Content = ReturnType<typeof contentStack>
