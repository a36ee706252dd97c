import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod'
import type { Clock } from '#ports/clock.ts'
import type { Log } from '#ports/log.ts'
import { secret } from '#ports/secret.ts'
import { heldSecret } from './held-secret.ts'

const shown = (pattern: RegExp, says: string) => z.string().regex(pattern, says)
const hidden = (pattern: RegExp, says: string) => shown(pattern, says).transform(secret)

/** Several while one is being changed for another: a list, or one text with commas. */
const several = (pattern: RegExp, says: string) =>
  z
    .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
    .transform((all) => all.map((each) => each.trim()).filter((each) => each !== ''))
    .pipe(z.array(hidden(pattern, says)).min(1, says))

const PAIRS = [
  ['stripeSecretKey', 'stripeWebhookSecrets'],
  ['smtpUrl', 'mailFrom'],
] as const

/**
 * What the school shows to other companies, as whoever deploys wrote it into Secrets Manager: what the functions read and what
 * `aws:secrets` writes. A part that is not given is off.
 */
export const SchoolSecret = z
  .object({
    stripeSecretKey: hidden(/^[sr]k_(test|live)_\w{4,}$/, 'a secret key of Stripe, sk_… or rk_…').optional(),
    stripeWebhookSecrets: several(/^whsec_[\w+/=]{3,}$/, 'whsec_…, several by comma').optional(),
    smtpUrl: hidden(/^smtps?:\/\/\S+$/, 'smtps://user:password@host:465').optional(),
    mailFrom: shown(/^[^@]+@[^@]+\.[^@]+$/, 'an address, or Name <address>').optional(),
    /** What the webhooks' function verifies GitHub by, so that it need not read the keys that write to the repository. */
    githubWebhookSecrets: several(/^[^\s,]{16,}$/, 'sixteen characters or more, several by comma').optional(),
    transcriptionKey: hidden(/^\S{8,}$/, 'a key of eight characters or more').optional(),
  })
  .check(({ value, issues }) => {
    for (const [one, other] of PAIRS) {
      if ((value[one] === undefined) === (value[other] === undefined)) continue
      const [path, given] = value[one] === undefined ? [one, other] : [other, one]
      issues.push({ code: 'custom', path: [path], message: `given together with ${given}`, input: undefined })
    }
  })
export type SchoolSecret = z.infer<typeof SchoolSecret>

type Options = { client: SecretsManagerClient; arn: string; clock: Clock; log: Log }

/** The school's secret, as it is by now. */
export const schoolSecret = (options: Options): (() => Promise<SchoolSecret>) =>
  heldSecret({
    ...{ ...options, schema: SchoolSecret, called: 'The school’s secret (SCHOOL_SECRET_ARN)' },
    whileEmpty: 'the school’s secret is empty: payments and mail are off',
  })
