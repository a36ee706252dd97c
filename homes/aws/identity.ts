import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { normalEmail } from '#core/addresses.ts'
import type { Clock } from '#ports/clock.ts'
import type { Bearer, Identity, SignInSettings } from '#ports/identity.ts'
import type { Tables } from '#ports/tables.ts'
import type { Claims } from './cognito/claims.ts'
import { chosePassword, confirmed } from './cognito/confirmed.ts'
import { directory, personOf, type Row } from './cognito/directory.ts'
import { pool } from './cognito/pool.ts'
import { register as openRegister } from './cognito/register.ts'
import { tokens } from './cognito/tokens.ts'

type Options = {
  client: CognitoIdentityProviderClient
  tables: Tables
  clock: Clock
  poolId: string
  clientId: string
  /** As the pool's tokens name it; `issuerOf` makes it. */
  issuer: string
  /** Origin of the managed login. */
  domain: string
  /** Origin of the school. */
  url: string
  /** Whose address makes them the school's owner once they have proven it. */
  ownerEmail: string
}

export type AwsIdentity = Identity & {
  /** What the pool told after somebody confirmed an address or chose a new password, and when; once or often, soon or late. */
  hear(event: unknown, at: string): Promise<void>
  /** Takes a page of the pool's people into the directory: whom it does not know yet, and what else has changed there. Answers the next page. */
  refresh(page?: string): Promise<string | undefined>
}

const SCOPE = 'openid profile email'

const signInSettings = ({ issuer, clientId, domain, url }: Options): SignInSettings => {
  const back = new URLSearchParams({ client_id: clientId, response_type: 'code', scope: SCOPE, redirect_uri: `${url}/signed-in` })
  return {
    ...{ authority: issuer, clientId, scope: SCOPE },
    pages: {
      signUp: `${domain}/signup`,
      // The pool's /logout takes neither `post_logout_redirect_uri` nor an `id_token_hint`, whatever its discovery document says.
      signOut: `${domain}/logout?${new URLSearchParams({ client_id: clientId, logout_uri: `${url}/` })}`,
      password: `${domain}/forgotPassword?${back}`,
      passkeys: `${domain}/passkeys/add?${new URLSearchParams({ client_id: clientId, redirect_uri: `${url}/account` })}`,
    },
  }
}

/** The second after this one: a token names no shorter time, and one of this very second is to end as well. */
const nextSecond = (clock: Clock): string => new Date((Math.floor(clock.now().getTime() / 1000) + 1) * 1000).toISOString()

/** A second is all that a token says of when its session began: one of the same second counts as begun after. */
const isOfSession = ({ authTimeSeconds }: Claims, { sessionsSince }: Row): boolean =>
  sessionsSince === undefined || (authTimeSeconds !== undefined && authTimeSeconds >= Math.floor(Date.parse(sessionsSince) / 1000))

type Accounts = { people: ReturnType<typeof directory>; users: ReturnType<typeof pool>; register: ReturnType<typeof openRegister>; clock: Clock }

/** What somebody may do, and whether they may come in: the row decides, and the pool follows. */
const accountChanges = ({ people, users, register, clock }: Accounts): Pick<Identity, 'setRoles' | 'disable' | 'enable'> => ({
  async setRoles(id, roles) {
    const row = (await register.known(id)) && (await people.writeKeepingOwner(id, (before) => before && { ...before, roles }))
    if (row === 'last-owner') return row
    // The row decides from this moment; groups that could not be written are an error to try again after.
    if (row) await users.mirror(row.username, roles)
    return 'done'
  },
  async disable(id) {
    const sessionsSince = clock.now().toISOString()
    const row = (await register.known(id)) && (await people.writeKeepingOwner(id, (before) => before && { ...before, isDisabled: true, sessionsSince }))
    if (row === 'last-owner') return row
    if (row) await users.disable(row.username)
    return 'done'
  },
  async enable(id) {
    // The pool first: what it says of somebody who is let in again is taken over at their next call.
    const known = await register.known(id)
    if (known) await users.enable(known.username)
    if (known) await people.write(id, (before) => before && { ...before, isDisabled: false })
  },
})

/** The pool has no names for sessions: when one began is all there is to tell it by. */
const sessionOf = ({ authTimeSeconds }: Claims): Pick<Bearer, 'session'> =>
  authTimeSeconds === undefined ? {} : { session: { id: String(authTimeSeconds), since: new Date(authTimeSeconds * 1000).toISOString() } }

/** The people of the school: a Cognito user pool signs them in, the directory in our tables says who they are. */
export const identity = (options: Options): AwsIdentity => {
  const { clock, poolId } = options
  const people = directory(options.tables)
  const users = pool({ client: options.client, id: poolId })
  const register = openRegister(people, users, options.ownerEmail)
  const claims = tokens(options)

  return {
    settings: signInSettings(options),
    find: register.find,
    findByEmail: register.findByEmail,
    list: people.list,
    async verify(token) {
      const found = await claims(token)
      if (!found) return undefined
      const row = (await people.find(found.sub))?.value
      // The first call of somebody new, or of somebody whose confirmation we have not heard of.
      const current = row?.isVerified ? row : await register.takeNamed(found.username, found.sub)
      return current?.isVerified && !current.isDisabled && isOfSession(found, current) ? { ...personOf(current), ...sessionOf(found) } : undefined
    },
    async create({ email, name, password, roles }) {
      const made = await users.add({ email: normalEmail(email), name, password })
      if (made === 'taken') return 'taken'
      await users.mirror(made.username, roles)
      const row: Row = { ...made, roles, isVerified: true }
      await people.write(made.id, (before) => ({ ...before, ...row }))
      return personOf(row)
    },
    ...accountChanges({ people, users, register, clock }),
    erase: register.erase,
    async endSessions(id) {
      const sessionsSince = nextSecond(clock)
      if (await register.known(id)) await people.write(id, (before) => before && { ...before, sessionsSince })
    },
    // Cognito's own pages do what it can; docs/operations/aws.md says what that is.
    desk: undefined,
    async hear(event, at) {
      const [joined, renewed] = [confirmed(event), chosePassword(event)]
      const told = joined ?? renewed
      if (!told || told.pool !== poolId) return
      const row = await register.takeNamed(told.username, told.id)
      if (!row || !renewed) return
      await people.write(row.id, (before) => before && ((before.sessionsSince ?? '') < at ? { ...before, sessionsSince: at } : undefined))
    },
    async refresh(page) {
      const { items, next } = await users.list(page)
      for (const user of items) await register.take(user)
      return next
    },
  }
}
