import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { HookedRepository } from '#api/webhooks.ts'
import type { Payments } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { hookedRepository } from './content.ts'
import { openedWith } from './held-secret.ts'
import { paymentsWith } from './payments.ts'
import { schoolSecret } from './school-secret.ts'
import type { AwsSettings } from './settings.ts'
import { tables } from './tables.ts'

/** What storing a webhook takes of the world, and nothing else. */
export type Inbox = Pick<World, 'tables' | 'clock' | 'ids' | 'log'> & { payments: Pick<Payments, 'readNews'>; repository: HookedRepository | undefined }

type Given = Pick<World, 'clock' | 'ids' | 'log'> & { settings: AwsSettings }

/** Opens it at the first call, and again when the school's secret is another. */
export const openInbox = (given: Given): (() => Promise<Inbox>) => {
  const { settings, clock, ids, log } = given
  const { region, table, schoolSecret: arn } = settings
  const stored = tables({ client: new DynamoDBClient({ region }), table, clock })
  const secrets = schoolSecret({ client: new SecretsManagerClient({ region }), arn, clock, log })
  return openedWith([secrets], (secret) => ({
    ...{ tables: stored, clock, ids, log },
    payments: paymentsWith(secret, clock),
    repository: hookedRepository(settings.content.environment, secret),
  }))
}
