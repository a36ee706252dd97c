import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { INDEX } from '../../homes/aws/routes.ts'
import { PREFIXES } from '../../homes/aws/wiring.ts'
import { arnOf, type Names } from './names.ts'

/** Leave for these actions on these resources: every statement of ours is made here, and none leaves out either. */
export const may = (actions: readonly [string, ...string[]], resources: readonly [string, ...string[]]): PolicyStatement =>
  new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources] })

const below = (bucket: IBucket, prefixes: readonly string[]): [string, ...string[]] => {
  const [first = 'none/*', ...rest] = prefixes.map((prefix) => bucket.arnForObjects(`${prefix}/*`))
  return [first, ...rest]
}

/** A commit is a TransactWriteItems, which needs leave for what it holds. */
const COMMITS = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'] as const

export const mayUseTable = (table: ITable): PolicyStatement[] => [
  may(['dynamodb:GetItem', 'dynamodb:Query', ...COMMITS], [table.tableArn]),
  may(['dynamodb:Query'], [`${table.tableArn}/index/${INDEX}`]),
]

/** One insert and its event, and a look at what was there: all that a webhook does. */
export const mayInsert = (table: ITable): PolicyStatement[] => [
  may(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'], [table.tableArn]),
]

export const mayUseObjects = ({ store, uploads }: { store: IBucket; uploads: IBucket }): PolicyStatement[] => [
  may(
    ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
    [...below(store, PREFIXES.written), ...below(uploads, PREFIXES.uploaded)],
  ),
  may(['s3:GetObject'], below(store, PREFIXES.read)),
  // Asked of a bucket: what is there below a prefix, and whether an object is missing or only closed.
  may(['s3:ListBucket'], [store.bucketArn, uploads.bucketArn]),
]

/** Papers of runs lie in a bucket of their own. To tell what is absent from what is closed one must be let look. */
export const mayUseDrafts = (drafts: IBucket, actions: readonly [string, ...string[]]): PolicyStatement[] => [
  may(actions, below(drafts, PREFIXES.papers)),
  may(['s3:ListBucket'], [drafts.bucketArn]),
]

export const mayReadSecrets = (...arns: readonly [string, ...string[]]): PolicyStatement => may(['secretsmanager:GetSecretValue'], arns)

/** The directory of people is ours; Cognito is asked about one who has just come. */
export const mayAskAboutPeople = (userPoolArn: string): PolicyStatement =>
  may(['cognito-idp:AdminGetUser', 'cognito-idp:AdminListGroupsForUser'], [userPoolArn])

/** Forgetting somebody reads every item there is, keeps them out, and takes their account away. */
export const mayForget = (table: ITable, userPoolArn: string): PolicyStatement[] => [
  may(['dynamodb:Scan'], [table.tableArn]),
  may(['cognito-idp:AdminDisableUser', 'cognito-idp:AdminUserGlobalSignOut', 'cognito-idp:AdminDeleteUser'], [userPoolArn]),
]

/** Groups say what the directory says, and who was kept out cannot sign in. */
export const mayChangePeople = (userPoolArn: string): PolicyStatement =>
  may(
    [
      ...(['cognito-idp:AdminAddUserToGroup', 'cognito-idp:AdminRemoveUserFromGroup', 'cognito-idp:AdminUserGlobalSignOut'] as const),
      ...(['cognito-idp:AdminDisableUser', 'cognito-idp:AdminEnableUser'] as const),
    ],
    [userPoolArn],
  )

/** Once in some hours the directory is compared with the pool. */
export const mayListPeople = (userPoolArn: string): PolicyStatement => may(['cognito-idp:ListUsers'], [userPoolArn])

export const mayAlert = (names: Names): PolicyStatement => may(['sns:Publish'], [arnOf('sns', names.alerts)])

export const maySend = (queueArns: readonly [string, ...string[]]): PolicyStatement => may(['sqs:SendMessage'], queueArns)

export const mayTakeFrom = (queueArns: readonly [string, ...string[]]): PolicyStatement =>
  may(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'], queueArns)

export const mayTranscode = ({ queueArn, roleArn }: { queueArn: string; roleArn: string }): PolicyStatement[] => {
  const passing = may(['iam:PassRole'], [roleArn])
  passing.addCondition('StringEquals', { 'iam:PassedToService': 'mediaconvert.amazonaws.com' })
  return [
    may(['mediaconvert:CreateJob'], [queueArn]),
    may(['mediaconvert:CancelJob'], [arnOf('mediaconvert', 'jobs/*')]),
    // The service defines no resource for it: IAM takes nothing narrower.
    may(['mediaconvert:Probe'], ['*']),
    passing,
  ]
}

export type Runnable = { families: readonly [string, ...string[]]; roles: readonly [string, ...string[]]; cluster: string }

/** Begins containers of these families, whichever revision is the newest: a new image makes a new one. */
export const mayRunTasks = ({ families: [first, ...others], roles: [role, ...roles], cluster }: Runnable): PolicyStatement[] => {
  const arn = (family: string): string => arnOf('ecs', `task-definition/${family}:*`)
  const running = may(['ecs:RunTask'], [arn(first), ...others.map(arn)])
  running.addCondition('ArnEquals', { 'ecs:cluster': cluster })
  const passing = may(['iam:PassRole'], [role, ...roles])
  passing.addCondition('StringEquals', { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' })
  return [running, passing]
}

/** Rules that may put messages into a queue, by bus and name; a star is every rule of a bus. */
export const ruleSource = (...rules: readonly string[]): Record<string, Record<string, string[]>> => ({
  ArnLike: { 'aws:SourceArn': rules.map((rule) => arnOf('events', `rule/${rule}`)) },
})
