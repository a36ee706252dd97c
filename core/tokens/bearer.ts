import { createHash } from 'node:crypto'
import { isStaff } from '#contract/roles.ts'
import type { Scope } from '#contract/scopes.ts'
import type { Actor } from '#core/handlers.ts'
import { isBefore } from '#core/moments.ts'
import type { Person } from '#ports/identity.ts'
import type { World } from '#ports/world.ts'
import { shownRecords, type Token, tokenRecords } from './records.ts'

/** What every token begins with, so that whoever finds one in a text knows what it is. */
export const TOKEN_PREFIX = 'lectern_'

/** That it was used is written down once an hour: a program that asks all day costs no write each time. */
const USED_AGAIN_MS = 3_600_000

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

export const isAccessToken = (bearer: string): boolean => bearer.startsWith(TOKEN_PREFIX)

/** `asksTwo`: the school asks a second factor of its person, and so of the sign-in that their tokens were made in. */
export const stateOf = (
  token: Token,
  { sessionsSince }: Pick<Person, 'sessionsSince'>,
  { now, asksTwo }: { now: Date; asksTwo: boolean },
): 'live' | 'expired' | 'ended' => {
  const { createdAt, expiresAt, isTwoFactor } = token
  if (!isBefore(now.toISOString(), expiresAt)) return 'expired'
  if (asksTwo && !isTwoFactor) return 'ended'
  return sessionsSince !== undefined && isBefore(createdAt, sessionsSince) ? 'ended' : 'live'
}

/** Whether the school's rules ask a second factor of somebody: of its staff, if of anybody; a provider that keeps that to itself asks by itself. */
export const asksTwoOf = async ({ identity: { desk } }: Pick<World, 'identity'>, { roles }: Pick<Person, 'roles'>): Promise<boolean> =>
  isStaff(roles) && ((await desk?.rules())?.staffNeedSecondFactor ?? false)

/** That nobody could write it down keeps nobody from reading. */
const touch = async ({ tables, clock, log }: World, ids: { person: string; id: string }): Promise<void> => {
  try {
    const stored = await tokenRecords.get(tables, ids)
    if (stored) await tables.commit([tokenRecords.replace(stored, { ...stored.value, usedAt: clock.now().toISOString() })])
  } catch (error) {
    log.error('a token’s use could not be written down', error, { token: ids.id })
  }
}

export type Bearer = { actor: Actor; scopes: readonly Scope[] }

/** Whom an access token speaks for, and what it was given; undefined for one that is none, revoked or over, or whose person is disabled. */
export const bearerOf = async (world: World, secret: string): Promise<Bearer | undefined> => {
  const { tables, identity, clock } = world
  const shown = await shownRecords.get(tables, { hash: hashOf(secret) })
  const token = shown && (await tokenRecords.get(tables, shown.value))?.value
  const actor = token && (await identity.find(token.person))
  if (!actor || actor.isDisabled || stateOf(token, actor, { now: clock.now(), asksTwo: await asksTwoOf(world, actor) }) !== 'live') return undefined
  const isFresh = token.usedAt !== undefined && clock.now().getTime() - Date.parse(token.usedAt) < USED_AGAIN_MS
  if (!isFresh) await touch(world, token)
  return { actor, scopes: token.scopes }
}
