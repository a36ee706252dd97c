import * as z from 'zod'
import { CONTENT } from '../content-environment.ts'
import { origin, readEnvironment, SCHOOL, type SchoolSettings, SettingsError, schoolOf } from '../environment.ts'
import type { TasksPlace } from './tasks.ts'

const arn = (service: string) => z.string().regex(new RegExp(`^arn:aws[\\w-]*:${service}:`), `an ARN of ${service}`)
const name = z.string().min(1).max(255)

/** Everything the functions read of their environment, once: the stacks set these names. Nothing of it is secret. */
const Environment = z.object({
  ...SCHOOL,
  LECTERN_URL: origin,
  LECTERN_OWNER: z.email(),
  /** Numbers of CloudWatch’s beside its own: each is paid for, so that nobody has them who has not asked. */
  LECTERN_METRICS: z.enum(['off', 'cloudwatch']).default('off'),
  /** Lambda's own. */
  AWS_REGION: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  TABLE_NAME: name,
  STORE_BUCKET: name,
  UPLOAD_BUCKET: name,
  /** What the URLs of all queues begin with; the word for a feature follows. */
  QUEUES_URL: z.url({ protocol: /^https?$/ }),
  ALERTS_TOPIC_ARN: arn('sns'),
  MEDIACONVERT_ROLE_ARN: arn('iam'),
  MEDIACONVERT_QUEUE_ARN: arn('mediaconvert'),
  USER_POOL_ID: name,
  USER_POOL_CLIENT_ID: name,
  IDENTITY_POOL_ID: name,
  USER_POOL_DOMAIN: z.url({ protocol: /^https?$/ }),
  SIGNING_SECRET_ARN: arn('secretsmanager'),
  SIGNING_KEYS: z.string(),
  SCHOOL_SECRET_ARN: arn('secretsmanager'),
  EDGE_SECRET_ARN: arn('secretsmanager'),
  ...CONTENT,
  DRAFTS_BUCKET: name,
  GITHUB_SECRET_ARN: arn('secretsmanager'),
  /** Set once there are images of the programs that write and propose. */
  CONTENT_CLUSTER: name.optional(),
  CONTENT_SUBNETS: z
    .string()
    .regex(/^subnet-\w+(,subnet-\w+)*$/)
    .optional(),
  CONTENT_SECURITY_GROUP: z.string().startsWith('sg-').optional(),
  WRITER_DEFINITION: name.optional(),
  PUBLISHER_DEFINITION: name.optional(),
})

/** What a function does not open without, save what Lambda sets itself. */
export const REQUIRED: readonly string[] = Object.entries(Environment.shape).flatMap(([variable, schema]) =>
  variable === 'AWS_REGION' || schema.safeParse(undefined).success ? [] : [variable],
)

export type AwsSettings = SchoolSettings & {
  region: string
  table: string
  storeBucket: string
  uploadBucket: string
  queuesUrl: string
  alertsTopic: string
  isMeasured: boolean
  mediaConvert: { role: string; queue: string }
  people: { pool: string; client: string; domain: string; identityPool: string }
  /** `keyIds`: CloudFront's id of each key, by the name it has in the secret. */
  signing: { secret: string; keyIds: Readonly<Record<string, string>> }
  schoolSecret: string
  /** What the distribution shows, so that nobody gets past it. */
  edgeSecret: string
  /** Captions by machine; off while undefined. Its key is in the school's secret. */
  transcription: { url: string; model: string } | undefined
  content: {
    environment: Pick<z.output<typeof Environment>, keyof typeof CONTENT>
    draftsBucket: string
    /** What the school writes to its repository with. */
    githubSecret: string
    /** Where programs run; undefined while there are no images of them. */
    place: TasksPlace | undefined
  }
}

const placeOf = (environment: z.output<typeof Environment>): TasksPlace | undefined => {
  const { CONTENT_CLUSTER: cluster, CONTENT_SUBNETS: subnets, CONTENT_SECURITY_GROUP: securityGroup } = environment
  const { WRITER_DEFINITION: writer, PUBLISHER_DEFINITION: publisher } = environment
  const all = [cluster, subnets, securityGroup, writer, publisher]
  if (all.every((each) => each === undefined)) return undefined
  if (cluster === undefined || subnets === undefined || securityGroup === undefined || writer === undefined || publisher === undefined)
    throw new SettingsError('CONTENT_CLUSTER, CONTENT_SUBNETS, CONTENT_SECURITY_GROUP, WRITER_DEFINITION and PUBLISHER_DEFINITION go together.')
  return { cluster, subnets: subnets.split(','), securityGroup, definitions: { writer, publisher } }
}

const KeyIds = z.record(name, name).refine((keys) => Object.keys(keys).length > 0)

const keyIdsIn = (json: string): AwsSettings['signing']['keyIds'] => {
  try {
    return KeyIds.parse(JSON.parse(json))
  } catch {
    // What was parsed is not told: whatever it is, it was not meant to be there.
    throw new SettingsError('SIGNING_KEYS is a JSON object: the name of each key to CloudFront’s id of it.')
  }
}

/** @throws SettingsError naming each variable that is wrong, never its value. */
export const readSettings = (variables: NodeJS.ProcessEnv): AwsSettings => {
  const environment = readEnvironment(Environment, variables)
  const { TRANSCRIPTION_URL: url, TRANSCRIPTION_MODEL: model } = environment
  return {
    ...schoolOf(environment, environment.LECTERN_URL),
    region: environment.AWS_REGION,
    table: environment.TABLE_NAME,
    storeBucket: environment.STORE_BUCKET,
    uploadBucket: environment.UPLOAD_BUCKET,
    queuesUrl: environment.QUEUES_URL,
    alertsTopic: environment.ALERTS_TOPIC_ARN,
    isMeasured: environment.LECTERN_METRICS === 'cloudwatch',
    mediaConvert: { role: environment.MEDIACONVERT_ROLE_ARN, queue: environment.MEDIACONVERT_QUEUE_ARN },
    people: {
      pool: environment.USER_POOL_ID,
      client: environment.USER_POOL_CLIENT_ID,
      domain: environment.USER_POOL_DOMAIN,
      identityPool: environment.IDENTITY_POOL_ID,
    },
    signing: { secret: environment.SIGNING_SECRET_ARN, keyIds: keyIdsIn(environment.SIGNING_KEYS) },
    schoolSecret: environment.SCHOOL_SECRET_ARN,
    edgeSecret: environment.EDGE_SECRET_ARN,
    transcription: url === undefined ? undefined : { url, model },
    content: { environment, draftsBucket: environment.DRAFTS_BUCKET, githubSecret: environment.GITHUB_SECRET_ARN, place: placeOf(environment) },
  }
}
