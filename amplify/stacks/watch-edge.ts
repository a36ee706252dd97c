import type { Stack } from 'aws-cdk-lib'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { alarm, metric } from '../lib/alarms.ts'
import { acknowledge } from '../lib/nag.ts'
import type { Plan } from '../lib/plan.ts'

/** CloudFront counts in us-east-1 alone, so its alarms live there, beside a topic of their own. */
export const watchEdgeStack = (stack: Stack, { names, ownerEmail }: Plan, distribution: string): void => {
  const topic = new Topic(stack, 'alerts', { topicName: `${names.alerts}-edge`, displayName: 'Lectern', enforceSSL: true })
  const letters = topic.addSubscription(new EmailSubscription(ownerEmail))
  acknowledge(letters, 'Kept in a queue nobody would read an alarm sooner.', 'Serverless-SNSRedrivePolicy')
  const tells = new SnsAction(topic)
  const of = (name: string) => metric('AWS/CloudFront', name, { DistributionId: distribution, Region: 'Global' }, { statistic: 'Average' })
  alarm(stack, 'edge-5xx', of('5xxErrorRate'), { means: 'Learners get faults from the edge.', over: 1, periods: 3, tells })
  alarm(stack, 'edge-4xx', of('4xxErrorRate'), {
    means: 'Most requests to the edge are refused: signing keys that do not match, or a script.',
    over: 40,
    periods: 3,
    tells,
  })
}
