import { Stack } from 'aws-cdk-lib'
import type { CfnBucket } from 'aws-cdk-lib/aws-s3'
import { acknowledge, acknowledgeWildcards } from '../lib/nag.ts'
import type { Plan } from '../lib/plan.ts'
import { partsFrom, STALE_UPLOAD_DAYS } from '../stacks/store.ts'

/** Amplify's bucket takes every method from every page; ours takes parts from the school's, and tells of what has arrived. */
export const overrideStorage = (bucket: CfnBucket, plan: Plan): void => {
  bucket.corsConfiguration = { corsRules: [partsFrom(plan)] }
  // By itself, and not by a resource with a function behind it.
  bucket.addPropertyOverride('NotificationConfiguration', { EventBridgeConfiguration: { EventBridgeEnabled: true } })
  bucket.addPropertyOverride('LifecycleConfiguration', {
    Rules: [
      { Id: 'stale-uploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: STALE_UPLOAD_DAYS } },
      // Anybody who is signed in may put something here, and no quota counts it.
      { Id: 'unclaimed', Status: 'Enabled', Prefix: 'uploads/', ExpirationInDays: 1 },
    ],
  })
  acknowledge(
    bucket,
    "It holds uploads on their way and nobody reads it but the school's functions, whose calls are logged; the log bucket belongs to stacks it may not refer to.",
    'AwsSolutions-S1',
  )
  const own = `${bucket.attrArn}/uploads/\${cognito-identity.amazonaws.com:sub}/*`
  acknowledgeWildcards(Stack.of(bucket), [own], 'Every object below the prefix of whoever is signed in, and no one else.')
}
