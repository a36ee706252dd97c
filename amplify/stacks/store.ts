import { CfnOutput, Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { CfnKeyGroup, PublicKey } from 'aws-cdk-lib/aws-cloudfront'
import { BlockPublicAccess, Bucket, BucketEncryption, type CorsRule, HttpMethods, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager'
import { acknowledge } from '../lib/nag.ts'
import type { Plan } from '../lib/plan.ts'

const LOGS_DAYS = 30
/**
 * S3 counts from an upload's beginning, and the school from its last part: somebody with a slow line may be at one film for weeks. What is
 * given up the school cancels itself, a week after the last part.
 */
export const STALE_UPLOAD_DAYS = 30

const PRIVATE = { blockPublicAccess: BlockPublicAccess.BLOCK_ALL, encryption: BucketEncryption.S3_MANAGED, removalPolicy: RemovalPolicy.RETAIN } as const

/** Pages of the school send parts to a bucket, and read what each is called. */
export const partsFrom = ({ url }: Plan): CorsRule => ({
  allowedOrigins: [url],
  allowedMethods: [HttpMethods.PUT],
  allowedHeaders: ['content-type', 'x-amz-checksum-sha256'],
  exposedHeaders: ['ETag'],
  maxAge: 3600,
})

const logBucket = (scope: Stack): Bucket => {
  const logs = new Bucket(scope, 'logs', {
    ...PRIVATE,
    enforceSSL: true,
    // CloudFront writes its logs by the bucket's access control list.
    objectOwnership: ObjectOwnership.OBJECT_WRITER,
    lifecycleRules: [{ expiration: Duration.days(LOGS_DAYS) }],
  })
  acknowledge(logs, 'It holds the logs of the others; logging itself would never end.', 'AwsSolutions-S1')
  return logs
}

/**
 * Everything the school keeps as objects. Its policy is the distribution's stack's, which alone knows who may read: until that is
 * deployed nobody but this account can.
 */
const storeBucket = (scope: Stack, plan: Plan, logs: Bucket): Bucket => {
  const store = new Bucket(scope, 'store', {
    ...PRIVATE,
    versioned: false,
    serverAccessLogsBucket: logs,
    serverAccessLogsPrefix: 'store/',
    cors: [partsFrom(plan)],
    lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(STALE_UPLOAD_DAYS) }],
  })
  acknowledge(
    store,
    'Requests without TLS are denied by the policy in the delivery stack: a bucket has one, and it names the distribution.',
    'AwsSolutions-S10',
  )
  return store
}

/** The one secret that is made here: both who shows it and who asks for it are parts of this school. */
export const EDGE_SECRET = 'edge'

/** Made empty and filled by whoever deploys, or by chance: a secret in a template is none. */
const secret = (scope: Stack, id: string, { names }: Plan, about: { description: string; generateSecretString?: object }): CfnSecret => {
  const made = new CfnSecret(scope, id, { name: `${names.prefix}/${id}`, ...about })
  made.applyRemovalPolicy(RemovalPolicy.RETAIN)
  acknowledge(
    made,
    'What it holds is given by other companies or signs with keys CloudFront must learn first: turned over by the steps in docs/operations, not by a timer.',
    'AwsSolutions-SMG4',
  )
  return made
}

/** What outlives a deployment besides the table: objects, keys, secrets. It needs nothing of the other stacks. */
export const storeStack = (stack: Stack, plan: Plan) => {
  const logs = logBucket(stack)
  const store = storeBucket(stack, plan, logs)
  new CfnOutput(stack, 'StoreBucket', { value: store.bucketName })
  const keys = plan.signingKeys.map(({ name, pem }) => ({
    name,
    // Named after its contents' place, not the contents: a key that is turned over is a new one beside the old.
    key: new PublicKey(stack, `key-${name}`, { encodedKey: pem, comment: `${plan.names.prefix} ${name}` }),
  }))
  // In one stack with its keys: a key that is rotated out leaves the group before it is removed.
  const group = new CfnKeyGroup(stack, 'signers', { keyGroupConfig: { name: plan.names.prefix, items: keys.map(({ key }) => key.publicKeyId) } })
  return {
    logs,
    store,
    signers: group.ref,
    signingKeys: stack.toJsonString(Object.fromEntries(keys.map(({ name, key }) => [name, key.publicKeyId]))),
    signingSecret: secret(stack, 'signing', plan, { description: 'The keys that open videos: newest first, both halves as PEM.' }).ref,
    schoolSecret: secret(stack, 'school', plan, { description: 'Stripe, mail and transcription: what the school shows to other companies.' }).ref,
    edgeSecret: secret(stack, EDGE_SECRET, plan, {
      description: 'What the distribution shows the gateways, whose own addresses anybody may call.',
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
    }).ref,
  }
}
export type Store = ReturnType<typeof storeStack>
