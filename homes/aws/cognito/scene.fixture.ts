import {
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { aStore } from '#homes/machine/scratch.fixture.ts'
import { openLogin } from '#test/aws/cognito/login.ts'
import { cognito } from '#test/aws/cognito.ts'
import { type Ask, openEndpoint, REGION } from '#test/aws/endpoint.ts'
import { type AwsIdentity, identity } from '../identity.ts'

export const PASSWORD = 'four quiet words here'
export const OWNER = 'Owner@School.example'
export const SCHOOL = 'http://localhost:4600'

/** The time of this machine, moved on when a test says so: a token knows of nothing shorter than a second. */
const aClock = () => {
  let ahead = 0
  const now = (): Date => new Date(Date.now() + ahead)
  return {
    now,
    pass(seconds: number): void {
      ahead += seconds * 1000
    },
    toNextSecond(): void {
      ahead += 1000 - (now().getTime() % 1000)
    },
  }
}

type SceneOptions = {
  /** Whether what the pool tells of confirmations gets through. */
  isTold?: boolean
  /** Counts what is asked of the pool, in the order it was asked. */
  allows?(principal: string, ask: Ask): boolean
  school?: string
}

/** A pool, its login, tables, and the engine on them. */
export const aScene = async ({ isTold = true, allows = () => true, school = SCHOOL }: SceneOptions = {}) => {
  const clock = aClock()
  const store = await aStore()
  const held: { hear: AwsIdentity['hear'] | undefined } = { hear: undefined }
  const asked: string[] = []
  const pool = await cognito({
    now: clock.now,
    onConfirmed: async (event) => (isTold ? held.hear?.(event, clock.now().toISOString()) : undefined),
  })
  const login = await openLogin(pool, { callbacks: [`${school}/signed-in`], logouts: [`${school}/`] })
  const endpoint = await openEndpoint({
    services: [pool.service],
    now: () => new Date(),
    allows: (principal, ask) => {
      asked.push(ask.action.replace('cognito-idp:', ''))
      return allows(principal, ask)
    },
  })
  const options = { endpoint: endpoint.url, region: REGION, maxAttempts: 1 }
  const client = new CognitoIdentityProviderClient({ ...options, credentials: endpoint.credentials('api') })
  const opened = identity({
    ...{ client, tables: store.tables, clock, poolId: pool.poolId, clientId: pool.clientId },
    ...{ issuer: login.issuer, domain: login.domain, url: school, ownerEmail: OWNER },
  })
  held.hear = opened.hear
  const ClientId = pool.clientId
  return {
    ...{ identity: opened, pool, login, clock, client, tables: store.tables, asked },
    async tokenFor(email: string, password: string): Promise<string> {
      const command = new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: email, PASSWORD: password } })
      const { AuthenticationResult: result } = await client.send(command)
      if (!result?.AccessToken) throw new Error('There was no token.')
      return result.AccessToken
    },
    async resetPassword(email: string, password: string): Promise<void> {
      // Nobody reads a letter and types its code within the second they signed in.
      clock.toNextSecond()
      await client.send(new ForgotPasswordCommand({ ClientId, Username: email }))
      await client.send(new ConfirmForgotPasswordCommand({ ClientId, Username: email, ConfirmationCode: pool.codeFor(email), Password: password }))
    },
    /** Somebody comes by the sign-up form; answers their `sub`. */
    async join(email: string, name = 'Ada Example'): Promise<string> {
      const attributes = [
        { Name: 'email', Value: email },
        { Name: 'name', Value: name },
      ]
      const { UserSub = '' } = await client.send(new SignUpCommand({ ClientId, Username: email, Password: PASSWORD, UserAttributes: attributes }))
      await client.send(new ConfirmSignUpCommand({ ClientId, Username: email, ConfirmationCode: pool.codeFor(email) }))
      return UserSub
    },
    async close(): Promise<void> {
      client.destroy()
      login.close()
      await endpoint.close()
      await store.close()
    },
  }
}

export type Scene = Awaited<ReturnType<typeof aScene>>
