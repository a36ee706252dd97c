import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  type AttributeType,
  type CognitoIdentityProviderClient,
  InvalidPasswordException,
  ListUsersCommand,
  UserNotFoundException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider'
import { normalEmail } from '#core/addresses.ts'
import type { Role } from '#ports/identity.ts'
import { GROUPS } from './claims.ts'

/** Somebody as the pool knows them; their groups are asked for apart. */
export type PoolUser = { id: string; username: string; email: string; name: string; isVerified: boolean; isDisabled: boolean }

type Told = { username: string | undefined; attributes: AttributeType[] | undefined; status: string | undefined; isEnabled: boolean | undefined }

/** The most that one ListUsers answers. */
const PAGE = 60

/** What a pool takes for a name at all; it refuses to look for anything else. */
const NAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u

const userFrom = ({ username, attributes = [], status, isEnabled }: Told): PoolUser => {
  const said = (name: string): string => attributes.find((each) => each.Name === name)?.Value ?? ''
  const email = normalEmail(said('email'))
  const id = said('sub')
  if (id === '' || !username) throw new Error('The user pool told of somebody without a name.')
  return {
    ...{ id, username, email },
    // Managed login asks for a name only where the pool demands one.
    name: said('name').trim() || (email.split('@')[0] ?? ''),
    isVerified: said('email_verified') === 'true' && status !== 'UNCONFIRMED',
    isDisabled: isEnabled === false,
  }
}

const named = (UserPoolId: string, Username: string) => ({ UserPoolId, Username })

type Place = { client: CognitoIdentityProviderClient; id: string }

const reading = ({ client, id }: Place) => ({
  /** By name, `sub` or address, however that is typed: the pool takes any of them. */
  async find(name: string): Promise<PoolUser | undefined> {
    if (!NAME.test(name)) return undefined
    try {
      const { Username, UserAttributes, UserStatus, Enabled } = await client.send(new AdminGetUserCommand(named(id, name)))
      return userFrom({ username: Username, attributes: UserAttributes, status: UserStatus, isEnabled: Enabled })
    } catch (error) {
      if (error instanceof UserNotFoundException) return undefined
      throw error
    }
  },
  async groups(username: string): Promise<string[]> {
    const found: string[] = []
    let NextToken: string | undefined
    do {
      const answer = await client.send(new AdminListGroupsForUserCommand({ ...named(id, username), NextToken }))
      found.push(...(answer.Groups ?? []).flatMap(({ GroupName }) => GroupName ?? []))
      NextToken = answer.NextToken
    } while (NextToken !== undefined)
    return found
  },
  async list(page?: string): Promise<{ items: PoolUser[]; next?: string }> {
    const { Users = [], PaginationToken } = await client.send(new ListUsersCommand({ UserPoolId: id, Limit: PAGE, PaginationToken: page }))
    const items = Users.map(({ Username, Attributes, UserStatus, Enabled }) =>
      userFrom({ username: Username, attributes: Attributes, status: UserStatus, isEnabled: Enabled }),
    )
    return { items, ...(PaginationToken !== undefined && { next: PaginationToken }) }
  },
})

const setFirstPassword = async ({ client, id }: Place, username: string, Password: string): Promise<void> => {
  try {
    await client.send(new AdminSetUserPasswordCommand({ ...named(id, username), Password, Permanent: true }))
  } catch (error) {
    // Made a moment ago, by us, for nobody: an account that cannot be signed in to must not hold the address.
    await client.send(new AdminDeleteUserCommand(named(id, username)))
    throw error instanceof InvalidPasswordException ? new Error('The user pool does not take that password.', { cause: error }) : error
  }
}

export type Pool = ReturnType<typeof pool>

/** The calls of one user pool, in the school's words. */
export const pool = (place: Place) => {
  const { client, id } = place
  const { groups, ...read } = reading(place)
  return {
    ...read,
    groups,
    /** Somebody who can sign in at once, their address taken for proven. */
    async add({ email, name, password }: { email: string; name: string; password: string }): Promise<PoolUser | 'taken'> {
      const attributes = [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
        { Name: 'name', Value: name },
      ]
      try {
        const command = new AdminCreateUserCommand({ ...named(id, email), UserAttributes: attributes, MessageAction: 'SUPPRESS' })
        const { User } = await client.send(command)
        const made = userFrom({ username: User?.Username, attributes: User?.Attributes, status: User?.UserStatus, isEnabled: User?.Enabled })
        await setFirstPassword(place, made.username, password)
        return made
      } catch (error) {
        if (error instanceof UsernameExistsException) return 'taken'
        throw error
      }
    },
    /** Makes the groups say what the roles say; groups that are no roles stay. */
    async mirror(username: string, roles: readonly Role[]): Promise<void> {
      const are = await groups(username)
      for (const GroupName of GROUPS) {
        const [isWanted, isThere] = [roles.includes(GroupName), are.includes(GroupName)]
        if (isWanted && !isThere) await client.send(new AdminAddUserToGroupCommand({ ...named(id, username), GroupName }))
        if (!isWanted && isThere) await client.send(new AdminRemoveUserFromGroupCommand({ ...named(id, username), GroupName }))
      }
    },
    /** No sign-in and no renewal from now on. */
    async disable(username: string): Promise<void> {
      await client.send(new AdminDisableUserCommand(named(id, username)))
      await client.send(new AdminUserGlobalSignOutCommand(named(id, username)))
    },
    async erase(username: string): Promise<void> {
      try {
        await client.send(new AdminDeleteUserCommand(named(id, username)))
      } catch (error) {
        if (!(error instanceof UserNotFoundException)) throw error
      }
    },
    async enable(username: string): Promise<void> {
      await client.send(new AdminEnableUserCommand(named(id, username)))
    },
  }
}
