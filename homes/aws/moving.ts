import { AdminGetUserCommand, AdminSetUserPasswordCommand, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { type AttributeValue, DynamoDBClient, QueryCommand, type QueryCommandOutput, ScanCommand } from '@aws-sdk/client-dynamodb'
import { ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3'
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import * as z from 'zod'
import type { Clock, Ids } from '#ports/clock.ts'
import type { Person } from '#ports/identity.ts'
import { origin, readEnvironment } from '../environment.ts'
import type { Side } from '../move/side.ts'
import { MoveTrouble } from '../move/trouble.ts'
import type { Buckets } from './buckets.ts'
import { takingStream } from './carrying.ts'
import { issuerOf } from './cognito/tokens.ts'
import { everyItem } from './every.ts'
import { type AwsIdentity, identity } from './identity.ts'
import type { MovingName } from './moving-names.ts'
import { objects, storeClient } from './objects.ts'
import { item, tables } from './tables.ts'
import { features } from './wiring.ts'

const name = z.string().min(1).max(255)

const NAMES = {
  AWS_REGION: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  LECTERN_URL: origin,
  TABLE_NAME: name,
  STORE_BUCKET: name,
  UPLOAD_BUCKET: name,
  QUEUES_URL: z.url({ protocol: /^https?$/ }),
  USER_POOL_ID: name,
  USER_POOL_CLIENT_ID: name,
  USER_POOL_DOMAIN: z.url({ protocol: /^https?$/ }),
} satisfies Record<MovingName, z.ZodType>
const Names = z.object(NAMES)
export type MovingNames = z.infer<typeof Names>

/** @throws SettingsError naming each variable that is missing or wrong */
export const readNames = (variables: Readonly<Record<string, string | undefined>>): MovingNames => readEnvironment(Names, variables)

const ANSWERS_WITHIN_MS = 10_000

/** Whether somebody who came now would find the school. */
const isOpen = (url: string): Promise<boolean> =>
  fetch(`${url}/api/health`, { redirect: 'manual', signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) }).then(
    ({ ok }) => ok,
    () => false,
  )

/** S3 tells of a thousand; how many more does not matter to anybody. */
const unfinishedUploads = async (client: S3Client, { store, uploads }: Buckets): Promise<number> => {
  const answers = await Promise.all([store, uploads].map((Bucket) => client.send(new ListMultipartUploadsCommand({ Bucket }))))
  return answers.reduce((sum, { Uploads = [] }) => sum + Uploads.length, 0)
}

const LENGTHS = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'] as const

const waitingIn = async (sqs: SQSClient, QueueUrl: string): Promise<number> => {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...LENGTHS] }))
  return LENGTHS.reduce((sum, length) => sum + Number(Attributes[length] ?? 0), 0)
}

type Start = Record<string, AttributeValue> | undefined

/** How many items a partition holds. */
const countOf = async (client: DynamoDBClient, TableName: string, pk: string): Promise<number> => {
  let [count, start, isFirst]: [number, Start, boolean] = [0, undefined, true]
  while (isFirst || start) {
    const only = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } }
    const answer: QueryCommandOutput = await client.send(
      new QueryCommand({ TableName, Select: 'COUNT', ConsistentRead: true, ...only, ExclusiveStartKey: start }),
    )
    count += answer.Count ?? 0
    start = answer.LastEvaluatedKey
    isFirst = false
  }
  return count
}

type Directory = { client: DynamoDBClient; table: string; people: AwsIdentity }

/** Everybody, from the rows themselves: the index that the school lists people by may lag behind. */
const listing =
  ({ client, table, people }: Directory): Side['identity']['list'] =>
  async ({ page } = {}) => {
    const from = page === undefined ? {} : { ExclusiveStartKey: JSON.parse(page) }
    const only = { FilterExpression: 'begins_with(pk, :person)', ExpressionAttributeValues: { ':person': { S: 'person#' } } }
    const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true, ...only, ...from }))
    const found = await Promise.all(Items.map(({ pk }) => people.find((pk?.S ?? '').slice('person#'.length))))
    const items = found.filter((each): each is Person => each !== undefined)
    return LastEvaluatedKey ? { items, next: JSON.stringify(LastEvaluatedKey) } : { items }
  }

type Finding = { pool: CognitoIdentityProviderClient; poolId: string; ids: Ids; people: AwsIdentity }

/**
 * Somebody by their address. Who was made and has no password yet, because a move ended between the two, gets one that nobody knows: the pool
 * lets nobody choose a new password who has none of their own (docs, `FORCE_CHANGE_PASSWORD`).
 */
const finding =
  ({ pool, poolId, ids, people }: Finding): Side['identity']['findByEmail'] =>
  async (email) => {
    const person = await people.findByEmail(email)
    if (!person) return undefined
    const named = { UserPoolId: poolId, Username: person.id }
    const { UserStatus } = await pool.send(new AdminGetUserCommand(named))
    if (UserStatus === 'FORCE_CHANGE_PASSWORD')
      await pool.send(new AdminSetUserPasswordCommand({ ...named, Password: `${ids.secret(24)}aA1!`, Permanent: true }))
    return person
  }

/** What a deployment puts beside the school's objects: the web app belongs to its home. */
const SITE = 'site/'

const withoutSite = (all: Side['objects']): Side['objects'] => ({
  ...all,
  async list(prefix, page) {
    const found = await all.list(prefix, page)
    return { ...found, items: found.items.filter(({ key }) => !key.startsWith(SITE)) }
  },
})

export type AwsSide = Side & { close(): void }

/**
 * The school on AWS, in a region and account that the environment or profile has credentials of.
 * @throws MoveTrouble where it answers: it is closed meanwhile
 */
export const awsSide = async (names: MovingNames, { clock, ids }: { clock: Clock; ids: Ids }): Promise<AwsSide> => {
  const { AWS_REGION: region, TABLE_NAME: table, LECTERN_URL: url } = names
  if (await isOpen(url)) throw new MoveTrouble(`The school at ${url} is open. Close it while it is moved: docs/operations/moving.md says how.`)
  const buckets = { store: names.STORE_BUCKET, uploads: names.UPLOAD_BUCKET }
  const [client, sqs, pool, s3] = [
    new DynamoDBClient({ region }),
    new SQSClient({ region }),
    new CognitoIdentityProviderClient({ region }),
    storeClient({ region }),
  ]
  const stored = tables({ client, table, clock })
  const people = identity({
    ...{ client: pool, tables: stored, clock, poolId: names.USER_POOL_ID, clientId: names.USER_POOL_CLIENT_ID, domain: names.USER_POOL_DOMAIN, url },
    issuer: issuerOf({ region, pool: names.USER_POOL_ID }),
    // Nobody's: who owns the school comes with the people who are moved.
    ownerEmail: '',
  })
  // Somebody may have confirmed an address a moment before it was closed.
  for (let page = await people.refresh(); page !== undefined; ) page = await people.refresh(page)
  return {
    tables: stored,
    every: everyItem({ client, table, read: item }),
    objects: withoutSite(objects({ client: s3, buckets, clock })),
    take: takingStream({ client: s3, buckets }),
    identity: { ...people, list: listing({ client, table, people }), findByEmail: finding({ pool, poolId: names.USER_POOL_ID, ids, people }) },
    async onTheWay() {
      const lengths = await Promise.all(features.map((feature) => waitingIn(sqs, names.QUEUES_URL + feature.name)))
      return {
        uploads: await unfinishedUploads(s3, buckets),
        events: lengths.reduce((sum, each) => sum + each, 0),
        shelved: await countOf(client, table, 'dead'),
      }
    },
    close() {
      for (const each of [client, sqs, pool, s3]) each.destroy()
    },
  }
}
