import { type App, Aws, Stack } from 'aws-cdk-lib'
import type { IUserPool } from 'aws-cdk-lib/aws-cognito'
import type { IRole } from 'aws-cdk-lib/aws-iam'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { behaviours, features } from '../../homes/aws/wiring.ts'
import { environmentOf } from '../lib/environment.ts'
import { arnOf, signInOrigin } from '../lib/names.ts'
import type { Plan } from '../lib/plan.ts'
import {
  mayAlert,
  mayAskAboutPeople,
  mayChangePeople,
  mayForget,
  mayInsert,
  mayListPeople,
  mayReadSecrets,
  maySend,
  mayTranscode,
  mayUseDrafts,
  mayUseObjects,
  mayUseTable,
} from '../lib/policies.ts'
import { apiStack } from './api.ts'
import { type Content, contentStack } from './content.ts'
import { dataStack } from './data.ts'
import { deliveryStack } from './delivery.ts'
import { eventsStack } from './events.ts'
import { hooksStack } from './hooks.ts'
import { type Media, mediaStack } from './media.ts'
import { scheduleStack } from './schedule.ts'
import { type Store, storeStack } from './store.ts'
import { tellNames } from './told.ts'
import { watchStack } from './watch.ts'
import { watchEdgeStack } from './watch-edge.ts'

/** What Amplify has made: the rest refers to it, and it to nothing of the rest. */
export type Ground = { userPool: IUserPool; userPoolClientId: string; identityPoolId: string; teachers: readonly IRole[]; uploads: IBucket }

const queueArns = ({ names }: Plan): [string, ...string[]] => {
  const [first = 'none', ...rest] = features.map(({ name }) => arnOf('sqs', names.queue(name)))
  return [first, ...rest]
}

type Parts = { plan: Plan; ground: Ground; store: Store; media: Media; data: ReturnType<typeof dataStack>; content: Content }

/** What the functions are told of the stacks. */
const foundIn = ({ plan, ground, store, media, data, content }: Parts) =>
  environmentOf(plan, {
    table: data.table.tableName,
    store: store.store.bucketName,
    uploads: ground.uploads.bucketName,
    userPool: ground.userPool.userPoolId,
    userPoolClient: ground.userPoolClientId,
    identityPool: ground.identityPoolId,
    mediaConvertRole: media.mediaConvertRole,
    mediaConvertQueue: media.mediaConvertQueue,
    signingSecret: store.signingSecret,
    signingKeys: store.signingKeys,
    schoolSecret: store.schoolSecret,
    edgeSecret: store.edgeSecret,
    drafts: content.drafts.bucketName,
    githubSecret: content.githubSecret,
    place: { ...content.place, writer: plan.names.function('writer'), publisher: plan.names.function('publisher') },
  })

/** What each function may do: no more than the features it runs ask of the world. */
const leaveOf = ({ plan, ground, store, media, data, content }: Parts) => {
  const { names } = plan
  const { mediaConvertQueue: queueArn, mediaConvertRole: roleArn } = media
  const school = mayReadSecrets(store.schoolSecret)
  const { drafts, githubSecret } = content
  const common = [
    ...mayUseTable(data.table),
    ...mayUseObjects({ store: store.store, uploads: ground.uploads }),
    mayAskAboutPeople(ground.userPool.userPoolArn),
    mayAlert(names),
    ...mayUseDrafts(drafts, ['s3:GetObject', 's3:PutObject', 's3:DeleteObject']),
    mayReadSecrets(githubSecret),
  ]
  return {
    // An admin tells again what was given up, which is a message to a queue, and says what people are in the school.
    api: [
      ...common,
      mayChangePeople(ground.userPool.userPoolArn),
      mayReadSecrets(store.schoolSecret, store.signingSecret, store.edgeSecret),
      maySend(queueArns(plan)),
    ],
    // It makes videos, begins whoever writes, forgets whoever leaves, and signs nothing.
    events: [...common, school, ...mayTranscode({ queueArn, roleArn }), ...mayForget(data.table, ground.userPool.userPoolArn), ...content.begins],
    // Timers release videos that were held, have payments told again that were given up, and see to it that a school has an owner.
    schedule: [
      ...[...common, school, ...mayTranscode({ queueArn, roleArn }), maySend(queueArns(plan))],
      ...[mayListPeople(ground.userPool.userPoolArn), mayChangePeople(ground.userPool.userPoolArn)],
    ],
    hooks: [...mayInsert(data.table), mayReadSecrets(store.schoolSecret, store.edgeSecret)],
  }
}

const placesOf = ({ url, mediaUrl, names }: Plan, { uploads, store }: { uploads: IBucket; store: IBucket }) => ({
  url,
  mediaUrl,
  uploadOrigin: `https://${uploads.bucketRegionalDomainName}`,
  storeOrigin: `https://${store.bucketRegionalDomainName}`,
  signInOrigin: signInOrigin(names),
  issuerOrigin: `https://cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}`,
  identityOrigin: `https://cognito-identity.${Aws.REGION}.${Aws.URL_SUFFIX}`,
})

const TIMES = [
  { entry: 'api', seconds: 29 },
  { entry: 'hooks', seconds: 10 },
  { entry: 'events', seconds: 900 },
  { entry: 'schedule', seconds: 900 },
  { entry: 'post-confirmation', seconds: 5 },
] as const

/** Every stack of the school beside Amplify's own, in the order in which they need each other. */
export const schoolStacks = (app: App, plan: Plan, ground: Ground): Record<string, Stack> => {
  const { names } = plan
  const stacks: Record<string, Stack> = {}
  const root = (concern: string, props: { region?: string } = {}): Stack => {
    const env = props.region === undefined ? {} : { env: { region: props.region } }
    const made = new Stack(app, names.stack(concern), { description: `Lectern (${plan.stage}): ${concern}`, ...env })
    stacks[concern] = made
    return made
  }
  const store = storeStack(root('store'), plan)
  const data = dataStack(root('data'), plan)
  const media = mediaStack(root('media'), plan, { buckets: { store: store.store, uploads: ground.uploads }, teachers: ground.teachers })
  const content = contentStack(root('content'), plan, store.logs)
  const parts: Parts = { plan, ground, store, media, data, content }
  const [environment, leave] = [foundIn(parts), leaveOf(parts)]
  const heard = eventsStack(root('events'), { names, bus: data.bus, environment, leave: leave.events, others: [...media.queues, ...content.queues] })
  scheduleStack(root('schedule'), { names, environment, leave: leave.schedule })
  const { userPoolId: userPool } = ground.userPool
  const { api } = apiStack(root('api'), { names, environment, leave: leave.api, userPool, userPoolClient: ground.userPoolClientId })
  tellNames(stacks, environment)
  const hooks = hooksStack(root('hooks'), { names, environment, leave: leave.hooks })
  const table = behaviours(placesOf(plan, { uploads: ground.uploads, store: store.store }))
  deliveryStack(root('delivery'), {
    plan,
    behaviours: table,
    store: store.store,
    logs: store.logs,
    signers: store.signers,
    apiHost: api.host,
    hooksHost: hooks.api.host,
  })
  const queues = heard.queues.map(({ feature }) => feature)
  watchStack(root('watch'), plan, {
    deadLetters: [...queues, 'pipe', 'schedule', 'starts'],
    queues,
    functions: TIMES,
    table: data.table.tableName,
    apis: [
      { name: 'api', id: api.id },
      { name: 'hooks', id: hooks.api.id },
    ],
    cluster: content.cluster.clusterArn,
    isMeasured: plan.settings['LECTERN_METRICS'] === 'cloudwatch',
  })
  if (plan.distribution !== undefined) watchEdgeStack(root('watch-edge', { region: 'us-east-1' }), plan, plan.distribution)
  return stacks
}
