import type { CfnBucket } from 'aws-cdk-lib/aws-s3'
import { acknowledge } from '../lib/nag.ts'
import type { Plan } from '../lib/plan.ts'
import { partsFrom, STALE_UPLOAD_DAYS } from '../stacks/store.ts'

/** Amplify's bucket takes every method from every page; ours takes parts from the school's, and tells of what has arrived. */
export const overrideStorage = (bucket: CfnBucket, plan: Plan): void => {
  bucket.corsConfiguration = { corsRules: [partsFrom(plan)] }
  // By itself, and not by a resource with a function behind it.
  bucket.addPropertyOverride('NotificationConfiguration', { EventBridgeConfiguration: { EventBridgeEnabled: true } })
  bucket.addPropertyOverride('LifecycleConfiguration', {
    Rules: [{ Id: 'stale-uploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: STALE_UPLOAD_DAYS } }],
  })
  acknowledge(
    bucket,
    "It holds uploads on their way and nobody reads it but the school's functions, whose calls are logged; the log bucket belongs to stacks it may not refer to.",
    'AwsSolutions-S1',
  )
}
