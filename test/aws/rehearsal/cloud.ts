import { randomBytes } from 'node:crypto'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import * as z from 'zod'
import { tables } from '#homes/aws/tables.ts'
import { openLogin } from '../cognito/login.ts'
import type { Cognito } from '../cognito.ts'
import { cognito } from '../cognito.ts'
import { cognitoIdentity } from '../cognito-identity.ts'
import { dynamodb } from '../dynamodb.ts'
import { type Ask, type Endpoint, openEndpoint, REGION, sessionOf } from '../endpoint.ts'
import { mediaconvert } from '../mediaconvert.ts'
import { openS3 } from '../s3.ts'
import { openSecretsManager } from '../secrets.ts'
import { openSns } from '../sns.ts'
import { sqs } from '../sqs.ts'
import type { Assembly } from './assembly.ts'
import { busOf } from './bus.ts'
import { beginByRule, openContainers } from './containers.ts'
import { type Deployment, deploymentOf } from './deployment.ts'
import { type DistributionPlay, distributionOf } from './distribution.ts'
import { flowOf } from './flow.ts'
import { type Functions, functions } from './functions.ts'
import { gateways } from './gateway.ts'
import { type Leave, leaveOf } from './leave.ts'
import { STREAM } from './naming.ts'
import { answerOf } from './object-answers.ts'
import { askingAt } from './page.ts'
import { bucketsIn, identityPoolIn, Pool, poolIn, Queue, Secret, Table, Topic } from './resources.ts'
import { openHost } from './viewer-host.ts'

/** Whoever deploys: makes the table, lays the web app into the store. */
const DEPLOYER = 'deployer'
const CLOUDFRONT = 'cloudfront'

export type Outside = {
  /** What whoever deploys writes into the secrets, by the last word of their names. */
  secrets: Record<string, string>
  /** Where hosts of other companies are on this machine. */
  hosts: Record<string, string>
  /** The file that each image holds. */
  images: Readonly<Record<string, string>>
}

/** What stands at the moment; another deployment changes the first three. */
type Ground = {
  deployment: Deployment
  leave: Leave
  distribution: DistributionPlay | undefined
  endpoint: Endpoint | undefined
  hosts: Record<string, string>
  troubles: string[]
  /** By name; those the templates ask to be made are. */
  secrets: Record<string, string | undefined>
}

const endpointOf = ({ endpoint }: Ground): Endpoint => {
  if (!endpoint) throw new Error('The services are not up yet.')
  return endpoint
}

const signingAs = (ground: Ground, principal: string) => {
  const { url, credentials } = endpointOf(ground)
  return { endpoint: url, region: REGION, maxAttempts: 1, credentials: credentials(principal) }
}

const objectsAs = (ground: Ground, principal: string): S3Client => new S3Client({ ...signingAs(ground, principal), forcePathStyle: true })

const gatewaysOf = ({ deployment, leave, hosts }: Ground, called: Functions) => gateways({ deployment, leave, functions: called, hosts })

const distributionFrom = (ground: Ground, called: Functions): DistributionPlay => {
  const { deployment } = ground
  const store = objectsAs(ground, CLOUDFRONT)
  ground.distribution ??= distributionOf(deployment, {
    gateways: gatewaysOf(ground, called),
    secretOf: (name) => ground.secrets[name] ?? '',
    bucket: { read: (name, key, asked) => answerOf(store, { Bucket: name, Key: key, Range: asked.headers['range'] }) },
  })
  return ground.distribution
}

/** Whether a call is allowed: the distribution's by the bucket's policy, a function's by the statements of its role. */
const allowing =
  (ground: Ground) =>
  (principal: string, asked: Ask): boolean => {
    if (principal === DEPLOYER) return true
    const resource = asked.resource.replace(/\/stream\/.+$/, `/stream/${STREAM}`)
    if (principal !== CLOUDFRONT) {
      const { role, tags } = sessionOf(principal)
      return ground.leave.may(role, { ...asked, resource }, { 'iam:PassedToService': 'mediaconvert.amazonaws.com', ...asked.context, ...tags })
    }
    const bucket = /^arn:aws:s3:::([^/]+)/.exec(resource)?.[1] ?? ''
    const reader = { service: 'cloudfront.amazonaws.com', resource, source: ground.distribution?.arn ?? '' }
    return asked.action === 's3:GetObject' && ground.leave.mayRead(bucket, reader)
  }

/** The pool of the templates with its pages; whoever confirms an address sets off its trigger. */
const openPeople = async (ground: Ground, called: Functions, now: () => Date) => {
  const pool = poolIn(ground.deployment)
  const people = await cognito({
    ...{ now, poolId: pool.id, clientId: pool.client, groups: pool.groups, ttlSeconds: pool.accessSeconds },
    onConfirmed: async (event) => {
      const [trigger] = ground.deployment.all('AWS::Cognito::UserPool', Pool)
      const arn = trigger?.LambdaConfig.PostConfirmation
      if (arn === undefined) return
      const mayCall = ground.leave.mayInvoke(arn, 'cognito-idp.amazonaws.com', trigger?.is.attributes['Arn'] ?? '')
      if (!mayCall) throw new Error(`Cognito may not call ${arn}.`)
      await called.invoke(arn, event)
    },
  })
  const login = await openLogin(people, { callbacks: pool.callbacks, logouts: pool.logouts })
  people.place.issuer = `https://cognito-idp.${REGION}.amazonaws.com/${pool.id}`
  ground.hosts[`cognito-idp.${REGION}.amazonaws.com`] = new URL(login.issuer).origin
  return { people, login }
}

/** Keys for people of the pool, as the roles of the templates let it give them. */
const openOwnKeys = (ground: Ground, people: Cognito, now: () => Date) =>
  cognitoIdentity({
    ...{ people, now, pool: () => identityPoolIn(ground.deployment) },
    assume(arn, tags) {
      const role = ground.leave.role(arn)
      return role && ground.leave.mayBeGiven(arn, identityPoolIn(ground.deployment).id) ? endpointOf(ground).session(role.name, tags) : undefined
    },
  })

/** A job acts as its role, a probe as whoever asked for it. */
const openTranscoding = (ground: Ground, now: () => Date, emit: ReturnType<typeof busOf>['emit']) => {
  const roleOf = (nameOrArn: string): string => {
    const role = ground.leave.role(nameOrArn)
    if (!role) throw new Error(`There is no role ${nameOrArn}.`)
    const mayAct = !nameOrArn.startsWith('arn:') || ground.leave.mayAssume(nameOrArn, 'mediaconvert.amazonaws.com')
    if (!mayAct) throw new Error(`MediaConvert may not act as ${role.name}.`)
    return role.name
  }
  const placeOf = (url: string) => {
    const [, Bucket = '', Key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? []
    return { Bucket, Key }
  }
  return mediaconvert({
    ...{ now, emit, queues: ground.deployment.all('AWS::MediaConvert::Queue', z.object({})).map(({ is }) => is.attributes['Arn'] ?? '') },
    async read(url, role) {
      const { status, body } = await answerOf(objectsAs(ground, roleOf(role)), placeOf(url))
      return status === 200 ? body : undefined
    },
    async write(url, { bytes, type, role }) {
      await objectsAs(ground, roleOf(role)).send(new PutObjectCommand({ ...placeOf(url), Body: bytes, ContentType: type }))
    },
  })
}

/** Answers where its stream is. */
const makeTable = async (ground: Ground, database: DynamoDBClient): Promise<{ table: string; stream: string }> => {
  const [found] = ground.deployment.all('AWS::DynamoDB::Table', Table)
  if (!found) throw new Error('The templates have no table.')
  const { StreamSpecification: of, is, ...definition } = found
  const StreamSpecification = { StreamEnabled: of !== undefined, ...of }
  const { TableDescription } = await database.send(new CreateTableCommand({ ...definition, TableName: is.ref, StreamSpecification }))
  return { table: is.ref, stream: TableDescription?.LatestStreamArn ?? '' }
}

const secretsFor = (deployment: Deployment, secrets: Outside['secrets']): Record<string, string | undefined> =>
  Object.fromEntries(
    deployment
      .all('AWS::SecretsManager::Secret', Secret)
      .map(({ Name, GenerateSecretString: made }) => [Name, made ? randomBytes(made.PasswordLength).toString('hex') : secrets[Name.split('/').at(-1) ?? '']]),
  )

/** All services at one address, with the functions that call them. */
const openServices = async (ground: Ground, { images }: Outside) => {
  const now = (): Date => new Date()
  const { deployment, troubles } = ground
  const allows = allowing(ground)
  const called = functions({ endpoint: () => endpointOf(ground), hosts: () => ground.hosts })
  const buckets = bucketsIn(deployment)
  // Nothing else goes by the queues' clock: what was put off need not be waited for.
  const ahead = { ms: 0 }
  const pass = (ms: number): void => {
    ahead.ms += ms
  }
  const queues = sqs({ now: () => new Date(now().getTime() + ahead.ms) })
  const bus = busOf({ now, queues, troubles, begin: (asked) => beginByRule(containers, ground.leave, asked) })
  const containers = openContainers({
    ...{ now, images, emit: bus.emit, standing: () => ground, endpoint: () => endpointOf(ground), hosts: () => ground.hosts },
  })
  const { people, login } = await openPeople(ground, called, now)
  const transcoding = openTranscoding(ground, now, bus.emit)
  const s3 = openS3({ buckets, now, allows, emit: (event) => (buckets[event.detail.bucket.name]?.isTelling === true ? bus.tell(event) : undefined) })
  const sns = openSns({ topics: deployment.all('AWS::SNS::Topic', Topic).map(({ TopicName }) => TopicName) })
  const secret = openSecretsManager({ secrets: ground.secrets, now })
  const services = [
    await dynamodb({ now }),
    s3,
    queues,
    bus.service,
    sns,
    people.service,
    openOwnKeys(ground, people, now),
    transcoding,
    secret,
    containers.service,
  ]
  ground.endpoint = await openEndpoint({ services, now, allows })
  // Messages are put off and sent by their queue's own address.
  ground.hosts[`sqs.${REGION}.amazonaws.com`] = ground.endpoint.url
  const flow = flowOf({ queues, pass, bus, functions: called, as: (principal) => signingAs(ground, principal), troubles })
  return { functions: called, buckets, queues, pass, bus, people, login, transcoding, flow, containers }
}

/** AWS as far as a school needs it, made from templates. It can be deployed anew, with its tables, objects and people kept. */
export const openCloud = async (assembly: Assembly, outside: Outside) => {
  const first = deploymentOf(assembly)
  const ground: Ground = {
    ...{ deployment: first, leave: leaveOf(first), distribution: undefined, endpoint: undefined, hosts: { ...outside.hosts }, troubles: [] },
    secrets: secretsFor(first, outside.secrets),
  }
  const { buckets, ...services } = await openServices(ground, outside)
  const { queues, flow, bus, functions: called, login } = services
  const database = new DynamoDBClient(signingAs(ground, DEPLOYER))
  const { table, stream } = await makeTable(ground, database)

  const purge = (): void => {
    for (const { is, ...properties } of ground.deployment.all('AWS::SQS::Queue', Queue)) {
      queues.make({ ...properties, QueueName: is.attributes['QueueName'] ?? is.id })
    }
  }
  const apply = (deployment: Deployment): void => {
    Object.assign(ground, { deployment, leave: leaveOf(deployment), distribution: undefined })
    called.deploy(deployment, (arn) => ground.leave.role(arn)?.name ?? arn)
    purge()
    for (const [name, { cors }] of Object.entries(bucketsIn(deployment))) Object.assign(buckets[name] ?? {}, { cors })
    bus.deploy(ground)
    flow.deploy({ deployment, leave: ground.leave, stream, table, database })
  }
  apply(first)
  const distribution = (): DistributionPlay => distributionFrom(ground, called)
  const doors = await Promise.all(distribution().aliases.map(async (alias) => [alias, await openHost(alias, distribution)] as const))

  return {
    ...services,
    ...{ purge, troubles: ground.troubles },
    /** By the hosts of the distribution, where each is on this machine. */
    places: new Map(doors.map(([alias, { url }]) => [alias, url])),
    /** The school's own table, for what a rehearsal cannot wait for. */
    stored: tables({ client: database, table, clock: { now: () => new Date() } }),
    /** From now on a host of another company is there. */
    lead: (host: string, url: string): void => {
      ground.hosts[host] = url
    },
    /** Keys of the bucket of drafts below a prefix. */
    drafts: async (Prefix: string): Promise<string[]> => {
      const Bucket = Object.keys(bucketsIn(ground.deployment)).find((name) => /-drafts/.test(name)) ?? 'none'
      const { Contents = [] } = await objectsAs(ground, DEPLOYER).send(new ListObjectsV2Command({ Bucket, Prefix }))
      return Contents.flatMap(({ Key }) => Key ?? [])
    },
    deployment: () => ground.deployment,
    leave: () => ground.leave,
    ask: askingAt(() => endpointOf(ground).url),
    /** The gateways at their own addresses, past the distribution. */
    gateways: () => gatewaysOf(ground, called),
    refused: () => endpointOf(ground).refused,
    /** Everything of the templates anew; tables, objects and people stay. Queues are empty afterwards. */
    deploy: (next: Assembly): void => apply(deploymentOf(next)),
    put: (Bucket: string, Key: string, Body: string, ContentType: string) =>
      objectsAs(ground, DEPLOYER).send(new PutObjectCommand({ Bucket, Key, Body, ContentType })),
    async close(): Promise<void> {
      for (const [, door] of doors) door.close()
      await called.close()
      login.close()
      database.destroy()
      await endpointOf(ground).close()
    },
  }
}

export type Cloud = Awaited<ReturnType<typeof openCloud>>
