import { defineFunction } from '@aws-amplify/backend'
import { Duration } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { functionOf } from '../../lib/functions.ts'
import { arnOf } from '../../lib/names.ts'
import { planOf } from '../../lib/plan.ts'
import { may } from '../../lib/policies.ts'

/**
 * A plain function: Amplify's own kind puts a timer and a read of the parameter store into every bundle. The bus is named and not
 * referred to: nothing of Amplify's may wait for the other stacks, which all wait for it.
 */
export const postConfirmation = defineFunction(
  (scope: Construct) => {
    const { names } = planOf(scope.node)
    return functionOf(scope, {
      names,
      entry: 'post-confirmation',
      environment: { BUS_NAME: names.bus },
      leave: [may(['events:PutEvents'], [arnOf('events', `event-bus/${names.bus}`)])],
      // Cognito waits five seconds.
      timeout: Duration.seconds(5),
      memoryMb: 256,
    })
  },
  { resourceGroupName: 'auth' },
)
