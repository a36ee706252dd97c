import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  CodeMismatchException,
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  InvalidPasswordException,
  ListUsersCommand,
  NotAuthorizedException,
  ResourceNotFoundException,
  RevokeTokenCommand,
  SignUpCommand,
  UserNotConfirmedException,
  UserNotFoundException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { openLogin } from './cognito/login.ts'
import { cognito } from './cognito.ts'
import { openEndpoint, REGION } from './endpoint.ts'

const now = (): Date => new Date()
const pool = await cognito({ now })
const { poolId: UserPoolId, clientId: ClientId } = pool
const callback = 'http://localhost:4600/signed-in'
const Password = 'four quiet words here'
let endpoint: Awaited<ReturnType<typeof openEndpoint>>
let login: Awaited<ReturnType<typeof openLogin>>
let client: CognitoIdentityProviderClient
before(async () => {
  login = await openLogin(pool, { callbacks: [callback], logouts: ['http://localhost:4600/'] })
  endpoint = await openEndpoint({ services: [pool.service], now })
  client = new CognitoIdentityProviderClient({ endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials('api') })
})
after(async () => {
  client.destroy()
  login.close()
  await endpoint.close()
})

const enter = (Username: string, given = Password) =>
  client.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: Username, PASSWORD: given } }))
const join = (Username: string) => client.send(new SignUpCommand({ ClientId, Username, Password }))

test('a pool refuses in Cognito’s own words', async () => {
  await join('ada@lectern.test')
  await assert.rejects(join('ADA@lectern.test'), UsernameExistsException)
  await assert.rejects(enter('ada@lectern.test'), UserNotConfirmedException)
  await assert.rejects(client.send(new SignUpCommand({ ClientId, Username: 'b@lectern.test', Password: 'short' })), InvalidPasswordException)
  const confirm = (ConfirmationCode: string) => client.send(new ConfirmSignUpCommand({ ClientId, Username: 'ada@lectern.test', ConfirmationCode }))
  await assert.rejects(confirm('0'), CodeMismatchException)
  await confirm(pool.codeFor('ada@lectern.test'))
  await assert.rejects(enter('ada@lectern.test', 'wrong'), NotAuthorizedException)
  await assert.rejects(enter('nobody@lectern.test'), NotAuthorizedException)
  await assert.rejects(client.send(new AdminGetUserCommand({ UserPoolId, Username: 'nobody' })), UserNotFoundException)
  await assert.rejects(client.send(new AdminGetUserCommand({ UserPoolId: 'eu-central-1_Other', Username: 'ada@lectern.test' })), ResourceNotFoundException)
  await client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'ada@lectern.test' }))
  await assert.rejects(enter('ada@lectern.test'), NotAuthorizedException)
  await client.send(new AdminEnableUserCommand({ UserPoolId, Username: 'ada@lectern.test' }))
  assert.ok((await enter('ada@lectern.test')).AuthenticationResult?.AccessToken)
})

test('a session ends by its own token or by the one that renews it', async () => {
  const renew = (REFRESH_TOKEN = '') => client.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN } }))
  const [one, two] = [(await enter('ada@lectern.test')).AuthenticationResult, (await enter('ada@lectern.test')).AuthenticationResult]
  await renew(one?.RefreshToken)
  await client.send(new RevokeTokenCommand({ ClientId, Token: one?.RefreshToken }))
  await assert.rejects(renew(one?.RefreshToken), NotAuthorizedException)
  await renew(two?.RefreshToken)
  await client.send(new GlobalSignOutCommand({ AccessToken: two?.AccessToken }))
  await assert.rejects(renew(two?.RefreshToken), NotAuthorizedException)
})

test('its people are listed in pages, and by a filter', async () => {
  for (let count = 0; count < 5; count += 1)
    await client.send(new AdminCreateUserCommand({ UserPoolId, Username: `p${count}@lectern.test`, MessageAction: 'SUPPRESS' }))
  const emails: string[] = []
  let PaginationToken: string | undefined
  do {
    const page = await client.send(new ListUsersCommand({ UserPoolId, Limit: 2, PaginationToken }))
    assert.ok((page.Users ?? []).length <= 2)
    emails.push(...(page.Users ?? []).flatMap(({ Attributes }) => Attributes?.find(({ Name }) => Name === 'email')?.Value ?? []))
    PaginationToken = page.PaginationToken
  } while (PaginationToken !== undefined)
  assert.deepEqual(emails, ['ada@lectern.test', ...[0, 1, 2, 3, 4].map((count) => `p${count}@lectern.test`)])
  const found = async (Filter: string): Promise<number> => (await client.send(new ListUsersCommand({ UserPoolId, Filter }))).Users?.length ?? 0
  assert.deepEqual([await found('email = "p1@lectern.test"'), await found('email ^= "p"'), await found('status = "Disabled"')], [1, 5, 0])
  await assert.rejects(found('email like "p"'), /filter/)
})

test('a call for the pool’s administration without a signature is nobody’s', async () => {
  const headers = { 'x-amz-target': 'AWSCognitoIdentityProviderService.AdminGetUser', 'content-type': 'application/x-amz-json-1.1' }
  const answer = await fetch(endpoint.url, { method: 'POST', headers, body: JSON.stringify({ UserPoolId, Username: 'ada@lectern.test' }) })
  assert.equal(answer.status, 403)
})

test('its login takes only its own client’s requests, and its keys verify what it signs', async () => {
  const query = {
    ...{ client_id: ClientId, redirect_uri: callback, response_type: 'code', scope: 'openid profile email', state: 's' },
    ...{ code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' },
  }
  const open = (path: string, given: Record<string, string>) => fetch(`${login.domain}${path}?${new URLSearchParams(given)}`, { redirect: 'manual' })
  assert.match((await open('/oauth2/authorize', query)).headers.get('location') ?? '', /^\/login\?/)
  const wrong = [
    { client_id: 'x' },
    { redirect_uri: 'http://evil.example/' },
    { code_challenge: '' },
    { resource: 'a' },
    { prompt: 'create' },
    { scope: 'email' },
  ]
  for (const change of wrong) assert.equal((await open('/oauth2/authorize', { ...query, ...change })).status, 400, JSON.stringify(change))
  for (const out of [
    {},
    { client_id: ClientId },
    { client_id: ClientId, logout_uri: 'http://evil.example/' },
    { post_logout_redirect_uri: 'http://localhost:4600/' },
  ])
    assert.equal((await open('/logout', out as Record<string, string>)).status, 400, JSON.stringify(out))

  const body = new URLSearchParams({ username: 'ada@lectern.test', password: Password })
  const signedIn = async () => {
    const back = await fetch(`${login.domain}/login?${new URLSearchParams(query)}`, { method: 'POST', body, redirect: 'manual' })
    return new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? ''
  }
  const exchange = async (code: string, code_verifier: string): Promise<Response> => {
    const form = { grant_type: 'authorization_code', client_id: ClientId, redirect_uri: callback, code, code_verifier }
    return fetch(`${login.domain}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) })
  }
  // RFC 7636, appendix B.
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
  assert.equal((await exchange(await signedIn(), 'another')).status, 400)
  const code = await signedIn()
  const answer = await exchange(code, verifier)
  // The token answer of RFC 6749 §5.1.
  const tokens = (await answer.json()) as { access_token: string }
  const { payload } = await jwtVerify(tokens.access_token, createRemoteJWKSet(new URL(`${login.issuer}/.well-known/jwks.json`)), { issuer: login.issuer })
  assert.deepEqual([payload['client_id'], payload['token_use'], payload['scope'], payload.aud], [ClientId, 'access', query.scope, undefined])
  assert.equal((await exchange(code, verifier)).status, 400, 'a code is used once')
})
