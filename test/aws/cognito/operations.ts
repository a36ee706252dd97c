import * as z from 'zod'
import type { PoolTokens, Tokens } from './tokens.ts'
import { CognitoFault, type User, type Users } from './users.ts'

/** What a browser may ask without anybody's keys. */
export const OPEN = ['SignUp', 'ConfirmSignUp', 'ForgotPassword', 'ConfirmForgotPassword', 'InitiateAuth', 'GlobalSignOut', 'RevokeToken']
const DIRECT_SCOPE = 'aws.cognito.signin.user.admin'

const Attributes = z.array(z.object({ Name: z.string(), Value: z.string().default('') })).default([])
export const Input = z.object({
  UserPoolId: z.string().optional(),
  ClientId: z.string().optional(),
  Username: z.string().min(1).max(128).default(''),
  Password: z.string().default(''),
  UserAttributes: Attributes,
  GroupName: z.string().default(''),
  ConfirmationCode: z.string().default(''),
  AuthFlow: z.string().default(''),
  AuthParameters: z.record(z.string(), z.string()).default({}),
  AccessToken: z.string().default(''),
  Token: z.string().default(''),
  Permanent: z.boolean().default(false),
  Filter: z.string().default(''),
  Limit: z.int().min(0).max(60).default(60),
  PaginationToken: z.string().optional(),
})
type Input = z.infer<typeof Input>

export const invalid = (message: string): never => {
  throw new CognitoFault('InvalidParameterException', message)
}

const pairs = ({ UserAttributes }: Input): [string, string][] => UserAttributes.map(({ Name, Value }) => [Name, Value])

const described = (user: User) => ({
  Username: user.sub,
  ...{ UserCreateDate: user.created.getTime() / 1000, UserLastModifiedDate: user.modified.getTime() / 1000 },
  ...{ Enabled: user.isEnabled, UserStatus: user.status },
})
const listed = (user: User) => [...user.attributes].map(([Name, Value]) => ({ Name, Value }))

/** `email = "a@b"`, `email ^= "a"`, `status = "Enabled"`, `cognito:user_status = "CONFIRMED"`. */
const matches = (filter: string): ((user: User) => boolean) => {
  if (filter === '') return () => true
  const [, name = '', operator = '', value = ''] = /^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(filter) ?? invalid('Error while parsing filter.')
  const wanted = value.replace(/\\(.)/g, '$1')
  const told = (user: User): string => {
    if (name === 'status') return user.isEnabled ? 'Enabled' : 'Disabled'
    return name === 'cognito:user_status' ? user.status : (user.attributes.get(name) ?? '')
  }
  return (user) => (operator === '=' ? told(user) === wanted : told(user).startsWith(wanted))
}

export type Operations = Record<string, (input: Input) => unknown>

/** What only somebody with IAM's leave may ask. */
export const adminOperations = (people: Users, badges: PoolTokens, poolId: string): Operations => {
  const named = ({ Username }: Input): User => people.get(Username)
  return {
    AdminGetUser: (input) => ({ ...described(named(input)), UserAttributes: listed(named(input)) }),
    AdminCreateUser: (input) => {
      const user = people.add(input.Username, pairs(input), 'FORCE_CHANGE_PASSWORD')
      return { User: { ...described(user), Attributes: listed(user) } }
    },
    AdminDeleteUser: (input) => people.remove(named(input)),
    AdminSetUserPassword: (input) => {
      people.setPassword(named(input), input.Password)
      if (input.Permanent) named(input).status = 'CONFIRMED'
    },
    AdminUpdateUserAttributes: (input) => {
      for (const [name, value] of pairs(input)) named(input).attributes.set(name, value)
    },
    AdminAddUserToGroup: (input) => people.group(named(input), input.GroupName, true),
    AdminRemoveUserFromGroup: (input) => people.group(named(input), input.GroupName, false),
    AdminListGroupsForUser: (input) => ({ Groups: [...named(input).groups].map((GroupName) => ({ GroupName, UserPoolId: poolId })) }),
    AdminDisableUser: (input) => {
      named(input).isEnabled = false
    },
    AdminEnableUser: (input) => {
      named(input).isEnabled = true
    },
    AdminUserGlobalSignOut: (input) => badges.endAll(named(input).sub),
    ListUsers: ({ Filter, Limit, PaginationToken }) => {
      const found = people.all().filter(matches(Filter))
      const from = PaginationToken === undefined ? 0 : Number(Buffer.from(PaginationToken, 'base64url').toString())
      if (!Number.isInteger(from)) return invalid('Invalid pagination token')
      const until = from + (Limit || 60)
      const Users = found.slice(from, until).map((user) => ({ ...described(user), Attributes: listed(user) }))
      return { Users, ...(until < found.length && { PaginationToken: Buffer.from(String(until)).toString('base64url') }) }
    },
  }
}

const resultOf = (from: Tokens, isNew: boolean) => ({
  ChallengeParameters: {},
  AuthenticationResult: {
    ...{ AccessToken: from.access_token, IdToken: from.id_token, ExpiresIn: from.expires_in, TokenType: from.token_type },
    ...(isNew && { RefreshToken: from.refresh_token }),
  },
})

/** What people ask for themselves. */
export const ownOperations = (people: Users, badges: PoolTokens): Operations => {
  const named = ({ Username }: Input): User => people.get(Username)
  const sent = (user: User) => ({ CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: user.attributes.get('email') } })

  const signIn = async ({ AuthFlow, AuthParameters }: Input): Promise<unknown> => {
    const given = (name: string): string => AuthParameters[name] ?? invalid(`Missing required parameter ${name}`)
    if (AuthFlow === 'REFRESH_TOKEN_AUTH') return resultOf(await badges.renew(given('REFRESH_TOKEN')), false)
    if (AuthFlow !== 'USER_PASSWORD_AUTH') return invalid('Auth flow not enabled for this client')
    const user = people.signIn(given('USERNAME'), given('PASSWORD'))
    if (user.status === 'FORCE_CHANGE_PASSWORD') return { ChallengeName: 'NEW_PASSWORD_REQUIRED', ChallengeParameters: {}, Session: 'local' }
    return resultOf(await badges.begin(user, DIRECT_SCOPE), true)
  }

  return {
    SignUp: (input) => {
      const user = people.signUp(input.Username, input.Password, pairs(input))
      return { UserConfirmed: false, UserSub: user.sub, ...sent(user) }
    },
    ConfirmSignUp: (input) => people.confirm(named(input), input.ConfirmationCode),
    ForgotPassword: (input) => {
      people.forget(named(input))
      return sent(named(input))
    },
    ConfirmForgotPassword: (input) => people.choosePassword(named(input), input.ConfirmationCode, input.Password),
    InitiateAuth: signIn,
    GlobalSignOut: ({ AccessToken }) => badges.endAll(badges.holder(AccessToken).sub),
    RevokeToken: ({ Token }) => badges.revoke(Token),
  }
}
