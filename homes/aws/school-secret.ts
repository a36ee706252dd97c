import { GetSecretValueCommand, ResourceNotFoundException, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod'
import type { Clock } from '#ports/clock.ts'
import type { Log } from '#ports/log.ts'
import { secret } from '#ports/secret.ts'
import { SettingsError } from '../environment.ts'

const shown = (pattern: RegExp, says: string) => z.string().regex(pattern, says)
const hidden = (pattern: RegExp, says: string) => shown(pattern, says).transform(secret)

/** Several while one is being changed for another: a list, or one text with commas. */
const Several = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
  .transform((all) => all.map((each) => each.trim()).filter((each) => each !== ''))
  .pipe(z.array(hidden(/^whsec_[\w+/=]{3,}$/, 'whsec_…, several by comma')).min(1, 'whsec_…, several by comma'))

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
    stripeWebhookSecrets: Several.optional(),
    smtpUrl: hidden(/^smtps?:\/\/\S+$/, 'smtps://user:password@host:465').optional(),
    mailFrom: shown(/^[^@]+@[^@]+\.[^@]+$/, 'an address, or Name <address>').optional(),
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

/** A key that is changed is in use everywhere after so long, without a deployment. */
const HELD_MS = 5 * 60_000

const parsed = (text: string): SchoolSecret => {
  const wrong = (says: string): SettingsError => new SettingsError(`The school’s secret (SCHOOL_SECRET_ARN) ${says}.`)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // Without its cause, whose message quotes what was parsed.
    throw wrong('is no JSON')
  }
  const found = SchoolSecret.safeParse(json)
  if (!found.success) throw wrong(`has wrong: ${[...new Set(found.error.issues.map(({ path }) => path.join('.')))].join(', ')}`)
  return found.data
}

/** A secret is made empty, and filled when the school is there already: until then every part is off. */
const NOTHING = '{}'

type Options = { client: SecretsManagerClient; arn: string; clock: Clock; log: Log }

/**
 * Fetches the secret at the first use and again every few minutes: the same object while it says the same. When it cannot be had
 * again, or is wrong by now, the last good one stays.
 * @throws SettingsError naming what is wrong in it, never its value
 */
export const schoolSecret = ({ client, arn, clock, log }: Options): (() => Promise<SchoolSecret>) => {
  let held: { text: string; value: SchoolSecret } | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<SchoolSecret> | undefined
  const ask = async (): Promise<SchoolSecret> => {
    try {
      const { SecretString: text = '' } = await client.send(new GetSecretValueCommand({ SecretId: arn }))
      if (held?.text !== text) held = { text, value: parsed(text) }
    } catch (error) {
      if (!held && error instanceof ResourceNotFoundException) {
        log.warn('the school’s secret is empty: payments and mail are off')
        held = { text: NOTHING, value: parsed(NOTHING) }
      } else if (!held) throw error
      else log.error('the school’s secret could not be read again', error)
    }
    askedAt = clock.now().getTime()
    return held.value
  }
  return () => {
    if (held && clock.now().getTime() - askedAt < HELD_MS) return Promise.resolve(held.value)
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
}

/** What is made from the secret: once, and again when that is another. */
export const openedWith = <T>(secrets: () => Promise<SchoolSecret>, open: (secret: SchoolSecret) => T): (() => Promise<T>) => {
  let made: { from: SchoolSecret; result: T } | undefined
  return async () => {
    const from = await secrets()
    if (made?.from !== from) made = { from, result: open(from) }
    return made.result
  }
}
