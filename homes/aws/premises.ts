import { doubtful, examined, ill, well } from '#core/operations/findings.ts'
import { SHELL_KEY } from '#core/shell.ts'
import type { Objects } from '#ports/objects.ts'
import type { Premises } from '#ports/premises.ts'
import type { Tables } from '#ports/tables.ts'
import type { SchoolSecret } from './school-secret.ts'

type Options = { tables: Tables; objects: Objects; secret: Pick<SchoolSecret, 'smtpUrl' | 'stripeSecretKey'> }

/**
 * What this home tells of itself: that its table and store answer, and what is set up. How its services are is AWS's to say (its Health Dashboard),
 * and what the table takes is told by its console alone: the functions have no leave to ask.
 */
export const premises = ({ tables, objects, secret }: Options): Premises => ({
  look: () =>
    examined([
      ['Table', async () => tables.get({ pk: 'premises', sk: 'look' }).then(() => well('answers'))],
      [
        'Store',
        async () => ((await objects.head(SHELL_KEY)) ? well('answers, and holds the web app') : ill('holds no web app: deploy it again (npm run aws:deploy)')),
      ],
      [
        'Mail server',
        async () =>
          secret.smtpUrl ? well('letters go by your mail server') : doubtful('no letters are written: give smtpUrl and mailFrom (npm run aws:secrets)'),
      ],
      [
        'Card payments',
        async () =>
          secret.stripeSecretKey
            ? well('Stripe is set up')
            : doubtful('nothing can be sold: give stripeSecretKey and stripeWebhookSecrets (npm run aws:secrets)'),
      ],
    ]),
  databaseBytes: async () => 'elsewhere',
})
