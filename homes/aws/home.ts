import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECSClient } from '@aws-sdk/client-ecs'
import { MediaConvertClient } from '@aws-sdk/client-mediaconvert'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SNSClient } from '@aws-sdk/client-sns'
import { SQSClient } from '@aws-sdk/client-sqs'
import { quietly } from '#core/alerts/quiet.ts'
import { tellNews } from '#core/media/transcode.ts'
import { loggedMail } from '#core/operations/letters.ts'
import type { Clock, Ids } from '#ports/clock.ts'
import type { Keys } from '#ports/keys.ts'
import type { Log } from '#ports/log.ts'
import type { Mail } from '#ports/mail.ts'
import type { Settings, World } from '#ports/world.ts'
import { smtpMail } from '#vendors/mail/mail.ts'
import { openAiTranscription } from '#vendors/transcription/transcription.ts'
import { openWebhooks } from '#vendors/webhooks/webhooks.ts'
import { requestNow } from '../during.ts'
import { type Measure, notMeasured } from '../metrics/catalogue.ts'
import { measuredMail, measuredTables } from '../metrics/measured.ts'
import { pagesBy } from '../pages.ts'
import { alerts } from './alerts.ts'
import { bucketOf } from './buckets.ts'
import { issuerOf } from './cognito/tokens.ts'
import { contentWith, githubSecret, repositoryWith } from './content.ts'
import { events } from './events.ts'
import { openedWith } from './held-secret.ts'
import { type AwsIdentity, identity } from './identity.ts'
import { keys } from './keys.ts'
import { noContent, noMail } from './not-set-up.ts'
import { objects, storeClient } from './objects.ts'
import { paymentsWith } from './payments.ts'
import { premises } from './premises.ts'
import { type SchoolSecret, schoolSecret } from './school-secret.ts'
import type { AwsSettings } from './settings.ts'
import { tables } from './tables.ts'
import { tasks } from './tasks.ts'
import { type AwsTranscoder, transcoder } from './transcoder.ts'
import { sitesOf } from './wiring.ts'

const PART_BYTES = 8 * 1024 * 1024
/** MediaConvert makes the pieces of a job side by side, and jobs too: what an estimate of time counts with. */
const ENCODERS = 4

/** `drawing`: what draws the pages that are published, beside the function that publishes them. */
type Given = { settings: AwsSettings; clock: Clock; ids: Ids; log: Log; measure?: Measure; drawing?: string }

export type Home = { world: World; identity: AwsIdentity; transcoder: AwsTranscoder; client: DynamoDBClient; sqs: SQSClient }

/** Somebody writes where there is a model, and a program that asks it. */
const contentSettings = ({ content: { environment, place } }: AwsSettings): Pick<Settings, 'chatbot' | 'chatbotMonthMicros' | 'content'> => {
  const { chatbot, proposalsADay, monthMicros } = contentWith(environment, {})
  return {
    chatbot: place && chatbot && { model: chatbot.model, inputMicros: chatbot.inputMicros, outputMicros: chatbot.outputMicros, isStandIn: false },
    chatbotMonthMicros: monthMicros,
    content: { proposalsADay, isStandIn: false },
  }
}

const schoolSettings = (settings: AwsSettings): Settings => {
  const { url, mediaUrl, people, uploadBucket, storeBucket, region } = settings
  const uploadOrigin = `https://${uploadBucket}.s3.${region}.amazonaws.com`
  const straight = { pool: people.identityPool, provider: `cognito-idp.${region}.amazonaws.com/${people.pool}`, region, origin: uploadOrigin }
  const { connects } = sitesOf({
    ...{ url, mediaUrl, uploadOrigin, signInOrigin: people.domain, issuerOrigin: `https://cognito-idp.${region}.amazonaws.com` },
    identityOrigin: `https://cognito-identity.${region}.amazonaws.com`,
    storeOrigin: `https://${storeBucket}.s3.${region}.amazonaws.com`,
  })
  return {
    ...{ home: 'aws', encoders: ENCODERS, schoolName: settings.schoolName, url, mediaUrl, connects, currency: settings.currency },
    ownerEmail: settings.ownerEmail,
    securityContact: settings.securityContact,
    upload: { maxBytes: settings.uploadMaxBytes, fileMaxBytes: settings.fileMaxBytes, partBytes: PART_BYTES, quotaBytes: settings.quotaBytes, straight },
    playbackTtlSeconds: settings.playbackTtlSeconds,
    ...contentSettings(settings),
  }
}

/** Keys that are read when somebody first watches: whatever else a function does works without them. */
const whenAsked = (open: () => Promise<Keys>): Keys => {
  let opened: Promise<Keys> | undefined
  const keysNow = (): Promise<Keys> => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  return { live: async () => (await keysNow()).live() }
}

/** What does not depend on the school's secret: it lives as long as the container does. */
const engines = ({ settings, clock, ids, log, measure = notMeasured }: Given) => {
  const { region, table, mediaConvert, people, signing, queuesUrl, url, content } = settings
  const client = new DynamoDBClient({ region })
  const sqs = new SQSClient({ region })
  const secretsManager = new SecretsManagerClient({ region })
  const buckets = { store: settings.storeBucket, uploads: settings.uploadBucket }
  const stored = measuredTables(tables({ client, table, clock }), measure)
  const store = objects({ client: storeClient({ region }), buckets, clock })
  const place = { client: secretsManager, secretId: signing.secret, idOf: (name: string) => signing.keyIds[name] }
  return {
    ...{ client, sqs, secretsManager, tables: stored, objects: store },
    events: events({ client, table, sqs, queuesUrl }),
    transcoder: transcoder({
      ...{ client: new MediaConvertClient({ region }), tables: stored, objects: store, log },
      ...{ bucketOf: (key: string) => bucketOf(buckets, key), role: mediaConvert.role, queue: mediaConvert.queue },
      tell: (news) => tellNews({ tables: stored, clock, ids }, news),
    }),
    identity: identity({
      ...{
        client: new CognitoIdentityProviderClient({ region }),
        tables: stored,
        clock,
        poolId: people.pool,
        clientId: people.client,
        domain: people.domain,
        url,
        ownerEmail: settings.ownerEmail,
      },
      issuer: issuerOf({ region, pool: people.pool }),
    }),
    drafts: objects({ client: storeClient({ region }), buckets: { store: content.draftsBucket, uploads: content.draftsBucket }, clock }),
    tasks: content.place ? tasks({ ...content.place, client: new ECSClient({ region }), tables: stored, clock }) : noContent.tasks,
    webhooks: openWebhooks(),
    keys: whenAsked(() => keys({ ...place, clock, log })),
    alerts: quietly({ messenger: alerts({ client: new SNSClient({ region }), topicArn: settings.alertsTopic, tables: stored, clock }), tables: stored, clock }),
  }
}

const mailWith = ({ smtpUrl: url, mailFrom: from }: SchoolSecret): Mail =>
  url === undefined || from === undefined ? noMail : smtpMail({ url: url.reveal(), from, requestNow })

const fromSecret = (
  { settings, clock, measure = notMeasured }: Given,
  keeper: Parameters<typeof loggedMail>[1],
  secret: SchoolSecret,
): Pick<World, 'mail' | 'payments' | 'transcription'> => ({
  mail: loggedMail(measuredMail(mailWith(secret), measure), keeper),
  payments: paymentsWith(secret, clock),
  transcription: settings.transcription && openAiTranscription({ ...settings.transcription, key: secret.transcriptionKey }),
})

/** The school on AWS: every engine over its service. It opens at the first call, and anew when the school's secret is another. */
export const openHome = (given: Given): (() => Promise<Home>) => {
  const { settings, clock, ids, log } = given
  const { client, sqs, secretsManager, identity: people, transcoder: encoder, ...rest } = engines(given)
  const secrets = schoolSecret({ client: secretsManager, arn: settings.schoolSecret, clock, log })
  const { content } = settings
  const github = githubSecret({ client: secretsManager, arn: content.githubSecret, clock, log, isUsed: content.environment.GITHUB_REPOSITORY !== undefined })
  return openedWith([secrets, github], (secret, key) => ({
    world: {
      ...{ ...rest, identity: people, transcoder: encoder, clock, ids, log, settings: schoolSettings(settings) },
      ...fromSecret(given, { tables: rest.tables, clock, log }, secret),
      premises: premises({ ...rest, secret }),
      pages: given.drawing === undefined ? undefined : pagesBy(given.drawing),
      repository: repositoryWith(content.environment, key, secret),
    },
    ...{ identity: people, transcoder: encoder, client, sqs },
  }))
}
