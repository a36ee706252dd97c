import { type AccessToken, type tokens as contract, MOST_TOKENS } from '#contract/tokens.ts'
import { askFreshSignIn } from '#core/accounts/fresh.ts'
import type { Actor, Feature, Handlers } from '#core/handlers.ts'
import { DAY_MS } from '#core/moments.ts'
import { all } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { hashOf, stateOf, TOKEN_PREFIX } from './bearer.ts'
import { shownRecords, type Token, tokenRecords, tokensOf } from './records.ts'

type Handler<V extends keyof typeof contract> = Handlers<typeof contract>[V]

const tokensIn = ({ tables }: World, person: string): Promise<Token[]> =>
  all((page) => tokenRecords.list(tables, tokensOf(person), { descending: true, ...(page !== undefined && { page }) }))

const shown = (token: Token, actor: Actor, now: Date): AccessToken => {
  const { id, name, scopes, hint, createdAt, expiresAt, usedAt } = token
  return { id, name, scopes, hint, createdAt, expiresAt, ...(usedAt !== undefined && { usedAt }), state: stateOf(token, actor, now) }
}

const list: Handler<'list'> = async (world, actor) => {
  const [mine, now] = [await tokensIn(world, actor.id), world.clock.now()]
  return { tokens: mine.map((token) => shown(token, actor, now)) }
}

const create: Handler<'create'> = async (world, actor, { name, scopes, days }) => {
  const { tables, clock, ids } = world
  askFreshSignIn(world, actor)
  if ((await tokensIn(world, actor.id)).length >= MOST_TOKENS)
    throw new Refusal('too-many', `You have ${MOST_TOKENS} tokens: revoke one that no program needs any more.`)
  const now = clock.now()
  const secret = `${TOKEN_PREFIX}${ids.secret(32)}`
  const token: Token = {
    ...{ id: ids.make('tok'), person: actor.id, name, scopes: [...new Set(scopes)], hint: secret.slice(-4), hash: hashOf(secret) },
    ...{ createdAt: now.toISOString(), expiresAt: new Date(now.getTime() + days * DAY_MS).toISOString() },
  }
  const { hash, person, id } = token
  if ((await tables.commit([tokenRecords.add(token), shownRecords.add({ hash, person, id })])) === 'conflict') throw new Error('A secret was made twice.')
  return { token: shown(token, actor, now), secret }
}

const revoke: Handler<'revoke'> = async ({ tables }, actor, { token: id }) => {
  const stored = await tokenRecords.get(tables, { person: actor.id, id })
  if (!stored) throw missing('access token')
  await tables.commit([tokenRecords.remove(stored.value), shownRecords.remove(stored.value)])
  return { done: true }
}

export const tokens: Feature<typeof contract> = { handlers: { list, create, revoke }, hearings: [], timers: [] }
