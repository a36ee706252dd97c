import { Aws } from 'aws-cdk-lib'
import { isToldTo } from '../../homes/aws/content-wiring.ts'
import { arnOf, signInOrigin } from './names.ts'
import type { Plan } from './plan.ts'

/** What the functions find by CloudFormation's names. */
export type Found = {
  table: string
  store: string
  uploads: string
  userPool: string
  userPoolClient: string
  identityPool: string
  mediaConvertRole: string
  mediaConvertQueue: string
  signingSecret: string
  /** JSON: a key's name to CloudFront's id of its public half. */
  signingKeys: string
  schoolSecret: string
  edgeSecret: string
  drafts: string
  githubSecret: string
  /** Where programs run that write and propose. */
  place: { cluster: string; subnets: string; securityGroup: string; writer: string; publisher: string }
}

/** Nobody writes while there is no image of who would: then the school says so, and no container fails. */
const contentOf = ({ images, settings }: Plan, { place }: Found): Record<string, string> => {
  if (!images) return Object.fromEntries(Object.entries(settings).filter(([name]) => !isToldTo('writer', name)))
  const { cluster, subnets, securityGroup, writer, publisher } = place
  const where = { CONTENT_CLUSTER: cluster, CONTENT_SUBNETS: subnets, CONTENT_SECURITY_GROUP: securityGroup }
  return { ...settings, ...where, WRITER_DEFINITION: writer, PUBLISHER_DEFINITION: publisher }
}

/** The environment of every function: one schema reads it (homes/aws/settings.ts), so all get all of it. Nothing of it is secret. */
export const environmentOf = (plan: Plan, found: Found): Record<string, string> => ({
  ...contentOf(plan, found),
  LECTERN_URL: plan.url,
  LECTERN_MEDIA_URL: plan.mediaUrl,
  LECTERN_OWNER: plan.ownerEmail,
  TABLE_NAME: found.table,
  STORE_BUCKET: found.store,
  UPLOAD_BUCKET: found.uploads,
  QUEUES_URL: `https://sqs.${Aws.REGION}.${Aws.URL_SUFFIX}/${Aws.ACCOUNT_ID}/${plan.names.queue('')}`,
  ALERTS_TOPIC_ARN: arnOf('sns', plan.names.alerts),
  MEDIACONVERT_ROLE_ARN: found.mediaConvertRole,
  MEDIACONVERT_QUEUE_ARN: found.mediaConvertQueue,
  USER_POOL_ID: found.userPool,
  USER_POOL_CLIENT_ID: found.userPoolClient,
  IDENTITY_POOL_ID: found.identityPool,
  USER_POOL_DOMAIN: signInOrigin(plan.names),
  SIGNING_SECRET_ARN: found.signingSecret,
  SIGNING_KEYS: found.signingKeys,
  SCHOOL_SECRET_ARN: found.schoolSecret,
  EDGE_SECRET_ARN: found.edgeSecret,
  DRAFTS_BUCKET: found.drafts,
  GITHUB_SECRET_ARN: found.githubSecret,
})
