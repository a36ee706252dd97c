import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import * as z from 'zod'
import { openLogin } from '../cognito/login.ts'
import { cognito } from '../cognito.ts'
import { dynamodb } from '../dynamodb.ts'
import { type Ask, type Endpoint, openEndpoint, REGION } from '../endpoint.ts'
import { mediaconvert } from '../mediaconvert.ts'
import { openS3 } from '../s3.ts'
import { openSecretsManager } from '../secrets.ts'
import { openSns } from '../sns.ts'
import { sqs } from '../sqs.ts'
import type { Assembly } from './assembly.ts'
import { deploymentOf } from './deployment.ts'
import { distributionOf, openHost } from './distribution.ts'
import { flowOf } from './flow.ts'
import { functions } from './functions.ts'
import { type Answered, gateways } from './gateway.ts'
import { leaveOf } from './leave.ts'
import { STREAM } from './naming.ts'
import { bucketsIn, Pool, poolIn, Queue, Secret, Table, Topic } from './resources.ts'

/** Whoever deploys: makes the table, fills secrets, lays the web app into the store. */
const DEPLOYER = 'deployer'
const CLOUDFRONT = 'cloudfront'

export type Outside = {
  /** What whoever deploys writes into the secrets, by the last word of their names. */
  secrets: Record<string, string>
  /** Where hosts of other companies are on this machine. */
  hosts: Record<string, string>
}

const current = (assembly: Assembly) => {
  const deployment = deploymentOf(assembly)
  return { deployment, leave: leaveOf(deployment) }
}

const answerOf = async (client: S3Client, Bucket: string, Key: string, range: string | undefined): Promise<Answered> => {
  try {
    const { Body, ContentType, CacheControl, ContentDisposition, ContentRange, ETag } = await client.send(new GetObjectCommand({ Bucket, Key, Range: range }))
    const told = {
      'content-type': ContentType,
      'cache-control': CacheControl,
      'content-disposition': ContentDisposition,
      'content-range': ContentRange,
      etag: ETag,
    }
    const headers = Object.entries(told).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]))
    return { status: ContentRange === undefined ? 200 : 206, headers, body: Buffer.from((await Body?.transformToByteArray()) ?? []) }
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error
    return {
      status: error.$metadata.httpStatusCode ?? 500,
      headers: [['content-type', 'application/xml']],
      body: Buffer.from(`<Error><Code>${error.name}</Code></Error>`),
    }
  }
}

/** AWS as far as a school needs it, made from templates. It can be deployed anew, with its tables, objects and people kept. */
export const openCloud = async (assembly: Assembly, { secrets, hosts: outside }: Outside) => {
  const now = (): Date => new Date()
  let { deployment, leave } = current(assembly)
  const hosts: Record<string, string> = { ...outside }
  const held: { endpoint?: Endpoint; troubles: string[] } = { troubles: [] }
  const endpointNow = (): Endpoint => {
    if (!held.endpoint) throw new Error('The services are not up yet.')
    return held.endpoint
  }
  const as = (principal: string) => ({ endpoint: endpointNow().url, region: REGION, maxAttempts: 1, credentials: endpointNow().credentials(principal) })

  const allows = (principal: string, asked: Ask): boolean => {
    if (principal === DEPLOYER) return true
    const ask = { ...asked, resource: asked.resource.replace(/\/stream\/.+$/, `/stream/${STREAM}`) }
    const [, , , bucket = ''] = /^(arn:aws:s3:(::))([^/]+)/.exec(ask.resource) ?? []
    if (principal === CLOUDFRONT)
      return ask.action === 's3:GetObject' && leave.mayRead(bucket, { service: 'cloudfront.amazonaws.com', resource: ask.resource, source: distribution().arn })
    return leave.may(principal, ask, { 'iam:PassedToService': 'mediaconvert.amazonaws.com' })
  }

  const pool = poolIn(deployment)
  const people = await cognito({
    ...{ now, poolId: pool.id, clientId: pool.client, groups: pool.groups, ttlSeconds: pool.accessSeconds },
    onConfirmed: async (event) => {
      const [trigger] = deployment.all('AWS::Cognito::UserPool', Pool)
      const arn = trigger?.LambdaConfig.PostConfirmation
      if (arn === undefined) return
      if (!leave.mayInvoke(arn, 'cognito-idp.amazonaws.com', trigger?.is.attributes['Arn'] ?? '')) throw new Error('Cognito may not call its trigger.')
      await called.invoke(arn, event)
    },
  })
  const login = await openLogin(people, { callbacks: pool.callbacks, logouts: pool.logouts })
  people.place.issuer = `https://cognito-idp.${REGION}.amazonaws.com/${pool.id}`
  hosts[`cognito-idp.${REGION}.amazonaws.com`] = new URL(login.issuer).origin

  const called = functions({ endpoint: endpointNow, hosts: () => hosts })
  const table = await dynamodb({ now })
  const buckets = bucketsIn(deployment)
  const queues = sqs({ now })
  const topics = deployment.all('AWS::SNS::Topic', Topic).map(({ TopicName }) => TopicName)
  const sns = openSns({ topics })
  const filled = Object.fromEntries(deployment.all('AWS::SecretsManager::Secret', Secret).map(({ Name }) => [Name, secrets[Name.split('/').at(-1) ?? '']]))
  const flow = flowOf({ now, queues, functions: called, as, troubles: held.troubles })
  const s3 = openS3({ buckets, now, allows, emit: (event) => flow.tell(event, buckets[event.detail.bucket.name]?.isTelling === true) })
  const objectsAs = (principal: string): S3Client => new S3Client({ ...as(principal), forcePathStyle: true })

  const placeOf = (url: string): { Bucket: string; Key: string } => {
    const [, Bucket = '', Key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? []
    return { Bucket, Key }
  }
  /** A job acts as its role, a probe as whoever asked for it. */
  const roleOf = (nameOrArn: string): string => {
    const role = leave.role(nameOrArn)
    if (!role) throw new Error(`There is no role ${nameOrArn}.`)
    if (nameOrArn.startsWith('arn:') && !leave.mayAssume(nameOrArn, 'mediaconvert.amazonaws.com')) throw new Error(`MediaConvert may not act as ${role.name}.`)
    return role.name
  }
  const transcoding = mediaconvert({
    ...{ now, queues: deployment.all('AWS::MediaConvert::Queue', z.object({})).map(({ is }) => is.attributes['Arn'] ?? ''), emit: (event) => flow.emit(event) },
    async read(url, role) {
      const { status, body } = await answerOf(objectsAs(roleOf(role)), placeOf(url).Bucket, placeOf(url).Key, undefined)
      return status === 200 ? body : undefined
    },
    async write(url, { bytes, type, role }) {
      await objectsAs(roleOf(role)).send(new PutObjectCommand({ ...placeOf(url), Body: bytes, ContentType: type }))
    },
  })

  held.endpoint = await openEndpoint({
    services: [table, s3, queues, flow.bus, sns, people.service, transcoding, openSecretsManager({ secrets: filled, now })],
    ...{ now, allows },
  })
  // Messages are put off and sent by their queue's own address.
  hosts[`sqs.${REGION}.amazonaws.com`] = held.endpoint.url
  const [tableProperties] = deployment.all('AWS::DynamoDB::Table', Table)
  if (!tableProperties) throw new Error('The templates have no table.')
  const { StreamSpecification, is: placedTable, ...definition } = tableProperties
  const database = new DynamoDBClient(as(DEPLOYER))
  const made = await database.send(
    new CreateTableCommand({
      ...definition,
      TableName: placedTable.ref,
      StreamSpecification: { StreamEnabled: StreamSpecification !== undefined, ...StreamSpecification },
    }),
  )
  const stream = made.TableDescription?.LatestStreamArn ?? ''

  const openedBy = () => {
    const gate = gateways({ deployment, leave, functions: called, hosts })
    const store = objectsAs(CLOUDFRONT)
    return distributionOf(deployment, { gateways: gate, bucket: { read: (name, key, asked) => answerOf(store, name, key, asked.headers['range']) } })
  }
  let delivered: ReturnType<typeof distributionOf> | undefined
  const distribution = (): ReturnType<typeof distributionOf> => {
    delivered ??= openedBy()
    return delivered
  }

  const purge = (): void => {
    for (const { is, ...properties } of deployment.all('AWS::SQS::Queue', Queue)) queues.make({ ...properties, QueueName: is.attributes['QueueName'] ?? is.id })
  }
  const apply = (): void => {
    delivered = undefined
    called.deploy(deployment, (arn) => leave.role(arn)?.name ?? arn)
    purge()
    for (const [name, { cors }] of Object.entries(bucketsIn(deployment))) Object.assign(buckets[name] ?? {}, { cors })
    flow.deploy({ deployment, leave, stream, table: placedTable.ref, database })
  }
  apply()

  const doors = await Promise.all(distribution().aliases.map(async (alias) => [alias, await openHost(alias, distribution)] as const))
  const places = new Map(doors.map(([alias, { url }]) => [alias, url]))

  return {
    ...{ troubles: held.troubles, people, login, flow, sns, queues, transcoding, hosts, places, functions: called, database },
    deployment: () => deployment,
    leave: () => leave,
    ...{ distribution, purge },
    refused: () => endpointNow().refused,
    /** Everything of the templates anew; tables, objects and people stay. Queues are empty afterwards. */
    deploy(next: Assembly): void {
      ;({ deployment, leave } = current(next))
      apply()
    },
    put: (bucket: string, key: string, body: string, type: string) =>
      objectsAs(DEPLOYER).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: type })),
    async close(): Promise<void> {
      for (const [, door] of doors) door.close()
      await called.close()
      login.close()
      database.destroy()
      await endpointNow().close()
    },
  }
}

export type Cloud = Awaited<ReturnType<typeof openCloud>>
