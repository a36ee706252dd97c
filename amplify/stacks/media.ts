import { Aws, type Stack } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnPolicy, Effect, type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnQueue } from 'aws-cdk-lib/aws-mediaconvert'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { acknowledge, acknowledgeWildcards } from '../lib/nag.ts'
import { arnOf, type Names } from '../lib/names.ts'
import type { Plan } from '../lib/plan.ts'
import { may } from '../lib/policies.ts'
import { type Queued, queueOf } from '../lib/queues.ts'

/** How long a rule tries to put a message into its queue. */
const RETRIES = { maximumEventAgeInSeconds: 24 * 3600, maximumRetryAttempts: 185 }

const transcodingRole = (stack: Stack, { store, uploads }: { store: IBucket; uploads: IBucket }): Role => {
  const statements = [may(['s3:GetObject'], [uploads.arnForObjects('sources/*')]), may(['s3:PutObject'], [store.arnForObjects('media/*')])]
  const role = new Role(stack, 'transcoding-role', {
    assumedBy: new ServicePrincipal('mediaconvert.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
    inlinePolicies: { transcoding: new PolicyDocument({ statements }) },
  })
  acknowledgeWildcards(role, statements, 'It reads what was uploaded and writes what becomes of it: every object below one prefix each.')
  return role
}

/** The owner hears by mail; whoever else wants to subscribes. */
const alertsTopic = (stack: Stack, { names, ownerEmail }: Plan): Topic => {
  const topic = new Topic(stack, 'alerts', { topicName: names.alerts, displayName: 'Lectern', enforceSSL: true })
  topic.addToResourcePolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [
        new ServicePrincipal('cloudwatch.amazonaws.com'),
        new ServicePrincipal('budgets.amazonaws.com'),
        new ServicePrincipal('events.amazonaws.com'),
      ],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  )
  const letters = topic.addSubscription(new EmailSubscription(ownerEmail))
  acknowledge(letters, 'A letter that cannot be sent has an alarm of its own; kept in a queue nobody would read it sooner.', 'Serverless-SNSRedrivePolicy')
  return topic
}

const into = ({ queue, dead }: Queued): CfnRule.TargetProperty[] => [
  { id: 'queue', arn: queue.queueArn, deadLetterConfig: { arn: dead.queueArn }, retryPolicy: RETRIES },
]

/** MediaConvert tells of every queue of the account on the one bus: only ours is heard. */
const jobNews = (stack: Stack, names: Names, transcoder: Queued): CfnRule =>
  new CfnRule(stack, 'job-news', {
    name: `${names.prefix}-job-news`,
    eventPattern: {
      source: ['aws.mediaconvert'],
      'detail-type': ['MediaConvert Job State Change'],
      detail: {
        queue: [arnOf('mediaconvert', `queues/${names.transcoding}`)],
        status: ['PROGRESSING', 'STATUS_UPDATE', 'COMPLETE', 'ERROR', 'CANCELED'],
      },
    },
    targets: into(transcoder),
  })

/** However it was sent: one PUT, a form, a copy or many parts. */
const arrivals = (stack: Stack, names: Names, { uploads, queued }: { uploads: IBucket; queued: Queued }): CfnRule =>
  new CfnRule(stack, 'arrivals', {
    name: `${names.prefix}-arrivals`,
    eventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [uploads.bucketName] }, object: { key: [{ prefix: 'sources/' }] } },
    },
    targets: into(queued),
  })

/**
 * Teachers' pages put their own films below their own prefix, by the keys their sign-in is exchanged for, and may do nothing else with them.
 * The policy is of this stack and the roles Amplify's: nothing of Amplify's waits for the bucket's users.
 */
const ownFilms = (stack: Stack, { teachers, uploads }: { teachers: readonly IRole[]; uploads: IBucket }): void => {
  const statements = [may(['s3:PutObject'], [uploads.arnForObjects(`sources/\${aws:PrincipalTag/sub}/vid_*/source`)])]
  const roles = teachers.map(({ roleName }) => roleName)
  const policy = new CfnPolicy(stack, 'own-films', { policyName: 'own-films', policyDocument: new PolicyDocument({ statements }), roles })
  acknowledgeWildcards(policy, statements, 'The films of whoever is signed in and teaches, each under an id of its own, and no one else’s.')
}

type Buckets = { store: IBucket; uploads: IBucket }
type Given = { buckets: Buckets; teachers: readonly IRole[] }

/** Transcoding by MediaConvert, what AWS tells of it and of uploads, and whom the school alerts. */
export const mediaStack = (stack: Stack, plan: Plan, { buckets, teachers }: Given) => {
  const { names } = plan
  const queue = new CfnQueue(stack, 'transcoding', { name: names.transcoding, pricingPlan: 'ON_DEMAND', status: 'ACTIVE' })
  const role = transcodingRole(stack, buckets)
  const transcoder = queueOf(stack, names, 'transcoder', `${names.prefix}-job-news`)
  const uploads = queueOf(stack, names, 'uploads', `${names.prefix}-arrivals`)
  jobNews(stack, names, transcoder)
  arrivals(stack, names, { uploads: buckets.uploads, queued: uploads })
  ownFilms(stack, { teachers, uploads: buckets.uploads })
  return { mediaConvertQueue: queue.attrArn, mediaConvertRole: role.roleArn, topic: alertsTopic(stack, plan), queues: [transcoder, uploads] }
}
export type Media = ReturnType<typeof mediaStack>
