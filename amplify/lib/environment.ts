import { Aws } from 'aws-cdk-lib'
import { arnOf, signInOrigin } from './names.ts'
import type { Plan } from './plan.ts'

/** What the functions find by CloudFormation's names. */
export type Found = {
  table: string
  store: string
  uploads: string
  userPool: string
  userPoolClient: string
  mediaConvertRole: string
  mediaConvertQueue: string
  signingSecret: string
  /** JSON: a key's name to CloudFront's id of its public half. */
  signingKeys: string
  schoolSecret: string
  edgeSecret: string
}

/** The environment of every function: one schema reads it (homes/aws/settings.ts), so all get all of it. Nothing of it is secret. */
export const environmentOf = ({ names, url, mediaUrl, ownerEmail, settings }: Plan, found: Found): Record<string, string> => ({
  ...settings,
  LECTERN_URL: url,
  LECTERN_MEDIA_URL: mediaUrl,
  LECTERN_OWNER: ownerEmail,
  TABLE_NAME: found.table,
  STORE_BUCKET: found.store,
  UPLOAD_BUCKET: found.uploads,
  QUEUES_URL: `https://sqs.${Aws.REGION}.${Aws.URL_SUFFIX}/${Aws.ACCOUNT_ID}/${names.queue('')}`,
  ALERTS_TOPIC_ARN: arnOf('sns', names.alerts),
  MEDIACONVERT_ROLE_ARN: found.mediaConvertRole,
  MEDIACONVERT_QUEUE_ARN: found.mediaConvertQueue,
  USER_POOL_ID: found.userPool,
  USER_POOL_CLIENT_ID: found.userPoolClient,
  USER_POOL_DOMAIN: signInOrigin(names),
  SIGNING_SECRET_ARN: found.signingSecret,
  SIGNING_KEYS: found.signingKeys,
  SCHOOL_SECRET_ARN: found.schoolSecret,
  EDGE_SECRET_ARN: found.edgeSecret,
})
