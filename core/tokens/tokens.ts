import { type AccessToken, type tokens as contract, MOST_TOKENS } from '#contract/tokens.ts'
import { askFreshSignIn } from '#core/accounts/fresh.ts'
import { event } from '#core/events.ts'
import type { Actor, Feature, Handlers } from '#core/handlers.ts'
import { DAY_MS, HOUR_MS } from '#core/moments.ts'
import { all } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { asksTwoOf, hashOf, stateOf, TOKEN_PREFIX } from './bearer.ts'
import { madeRecords, shownRecords, type Token, tokenRecords, tokensOf } from './records.ts'

type Handler<V extends keyof typeof contract> = Handlers<typeof contract>[V]

const tokensIn = ({ tables }: World, person: string): Promise<Token[]> =>
  all((page) => tokenRecords.list(tables, tokensOf(person), { descending: true, ...(page !== undefined && { page }) }))

type When = Parameters<typeof stateOf>[2]

const shown = (token: Token, actor: Actor, when: When): AccessToken => {
  const { id, name, scopes, hint, createdAt, expiresAt, usedAt } = token
  return { id, name, scopes, hint, createdAt, expiresAt, ...(usedAt !== undefined && { usedAt }), state: stateOf(token, actor, when) }
}

const list: Handler<'list'> = async (world, actor) => {
  const when = { now: world.clock.now(), asksTwo: await asksTwoOf(world, actor) }
  return { tokens: (await tokensIn(world, actor.id)).map((token) => shown(token, actor, when)) }
}

/** Nobody needs more in an hour; whoever is in somebody's account does. @throws Refusal beyond that */
const MOST_AN_HOUR = 20

const countedUp = async ({ tables, clock }: World, person: string, most: number) => {
  const now = clock.now()
  const stored = await madeRecords.get(tables, { person })
  const isOfThisHour = stored !== undefined && now.getTime() - Date.parse(stored.value.since) < HOUR_MS
  const before = isOfThisHour ? stored.value : { person, since: now.toISOString(), count: 0 }
  if (before.count >= most) throw new Refusal('too-many', 'You have made many tokens within an hour. Wait a while.')
  const next = { ...before, count: before.count + 1 }
  return stored ? madeRecords.replace(stored, next) : madeRecords.add(next)
}

const create: Handler<'create'> = async (world, actor, { name, scopes, days }) => {
  const { tables, clock, ids } = world
  askFreshSignIn(world, actor)
  if ((await tokensIn(world, actor.id)).length >= MOST_TOKENS)
    throw new Refusal('too-many', `You have ${MOST_TOKENS} tokens: revoke one that no program needs any more.`)
  const counted = await countedUp(world, actor.id, MOST_AN_HOUR)
  const now = clock.now()
  const secret = `${TOKEN_PREFIX}${ids.secret(32)}`
  const token: Token = {
    ...{ id: ids.make('tok'), person: actor.id, name, scopes: [...new Set(scopes)], hint: secret.slice(-4), hash: hashOf(secret) },
    ...{ createdAt: now.toISOString(), expiresAt: new Date(now.getTime() + days * DAY_MS).toISOString() },
    isTwoFactor: actor.session?.isTwoFactor ?? false,
  }
  const { hash, person, id } = token
  const news = [event(world, 'token.made', { token: id, person })]
  if ((await tables.commit([tokenRecords.add(token), shownRecords.add({ hash, person, id }), counted], news)) === 'conflict')
    throw new Refusal('conflict', 'Another token was made at this moment. Try again.')
  return { token: shown(token, actor, { now, asksTwo: await asksTwoOf(world, actor) }), secret }
}

const revoke: Handler<'revoke'> = async ({ tables }, actor, { token: id }) => {
  const stored = await tokenRecords.get(tables, { person: actor.id, id })
  if (!stored) throw missing('access token')
  await tables.commit([tokenRecords.remove(stored.value), shownRecords.remove(stored.value)])
  return { done: true }
}

export const tokens: Feature<typeof contract> = { handlers: { list, create, revoke }, hearings: [], timers: [] }
