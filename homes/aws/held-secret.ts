import { GetSecretValueCommand, ResourceNotFoundException, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type * as z from 'zod'
import type { Clock } from '#ports/clock.ts'
import type { Log } from '#ports/log.ts'
import { SettingsError } from '../environment.ts'

/** A key that is changed is in use everywhere after so long, without a deployment. */
const HELD_MS = 5 * 60_000

/** A secret is made empty, and filled when the school is there already: until then every part is off. */
const NOTHING = '{}'

type Words<T> = {
  schema: z.ZodType<T>
  /** As faults call it: `The school’s secret (SCHOOL_SECRET_ARN)`. */
  called: string
  /** Said to the log while it is empty. */
  whileEmpty: string
}

const parsed = <T>(text: string, { schema, called }: Words<T>): T => {
  const wrong = (says: string): SettingsError => new SettingsError(`${called} ${says}.`)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // Without its cause, whose message quotes what was parsed.
    throw wrong('is no JSON')
  }
  const found = schema.safeParse(json)
  if (!found.success) throw wrong(`has wrong: ${[...new Set(found.error.issues.map(({ path }) => path.join('.')))].join(', ')}`)
  return found.data
}

type Options<T> = Words<T> & { client: SecretsManagerClient; arn: string; clock: Clock; log: Log }

/**
 * Fetches a secret at the first use and again every few minutes: the same object while it says the same. When it cannot be had
 * again, or is wrong by now, the last good one stays.
 * @throws SettingsError naming what is wrong in it, never its value
 */
export const heldSecret = <T>(options: Options<T>): (() => Promise<T>) => {
  const { client, arn, clock, log, called } = options
  let held: { text: string; value: T } | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<T> | undefined
  const ask = async (): Promise<T> => {
    try {
      const { SecretString: text = '' } = await client.send(new GetSecretValueCommand({ SecretId: arn }))
      if (held?.text !== text) held = { text, value: parsed(text, options) }
    } catch (error) {
      if (!held && error instanceof ResourceNotFoundException) {
        log.warn(options.whileEmpty)
        held = { text: NOTHING, value: parsed(NOTHING, options) }
      } else if (!held) throw error
      else log.error('a secret could not be read again', error, { secret: called })
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

type Readers<S extends readonly unknown[]> = readonly [...{ [K in keyof S]: () => Promise<S[K]> }]

/** What is made from secrets: once, and again when one of them is another. */
export const openedWith = <S extends readonly unknown[], T>(readers: Readers<S>, open: (...secrets: S) => T): (() => Promise<T>) => {
  let made: { from: readonly unknown[]; result: T } | undefined
  return async () => {
    // Each reader answers the secret of its place.
    const from = (await Promise.all(readers.map((read) => read()))) as unknown as S
    if (!made || from.some((each, at) => each !== made?.from[at])) made = { from, result: open(...from) }
    return made.result
  }
}
