import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aStorage } from './store.fixture.ts'
import { leave, manager } from './tokens.ts'

const [SCHOOL, PROVIDER] = ['https://school.test', 'https://provider.test']

const part = (of: object): string => Buffer.from(JSON.stringify(of)).toString('base64url')

/** A page that leaves for the provider, and a provider whose ID token says whatever a test has it say. */
const aPage = () => {
  const now = { went: '', nonce: '', shown: () => {} }
  const answers: Record<string, () => object> = {
    '/api/school': () => ({ signIn: { authority: PROVIDER, clientId: 'school', scope: 'openid' } }),
    [`${PROVIDER}/.well-known/openid-configuration`]: () => ({ authorization_endpoint: `${PROVIDER}/authorize`, token_endpoint: `${PROVIDER}/token` }),
    [`${PROVIDER}/token`]: () => ({
      access_token: 'a',
      token_type: 'Bearer',
      id_token: `${part({ alg: 'RS256' })}.${part({ sub: 'prs_1', nonce: now.nonce })}.`,
    }),
  }
  const location = {
    origin: SCHOOL,
    assign(address: string): void {
      now.went = address
      now.shown()
    },
  }
  const heard = (_: string, shown: () => void): void => {
    now.shown = shown
  }
  const localStorage = aStorage().storage
  const window = { location, localStorage, addEventListener: heard }
  const fetch = async (address: string): Promise<Response> => Response.json(answers[address]?.() ?? {}, { status: address in answers ? 200 : 404 })
  const globals = { location, fetch, localStorage, window: Object.assign(window, { self: window }) }
  for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true })
  return now
}

test('a sign-in ends only with the ID token that was made for it', async () => {
  const page = aPage()
  const begun = async (entrance?: string): Promise<URLSearchParams> => {
    await leave({ state: { returnTo: '/' } }, entrance)
    assert.ok(page.went.startsWith(entrance ?? `${PROVIDER}/authorize`))
    return new URL(page.went).searchParams
  }
  const ended = async (asked: URLSearchParams, nonce: string | null) => {
    page.nonce = nonce ?? ''
    const back = new URLSearchParams({ code: 'c', state: asked.get('state') ?? '' })
    return (await manager()).signinRedirectCallback(`${SCHOOL}/signed-in?${back}`)
  }
  const [first, second, third] = [await begun(), await begun(), await begun(`${PROVIDER}/sign-up`)]
  const nonces = [first, second, third].map((asked) => asked.get('nonce') ?? '')
  for (const nonce of nonces) assert.match(nonce, /^[0-9a-f-]{36}$/)
  assert.equal(new Set(nonces).size, 3)
  assert.equal((await ended(first, first.get('nonce'))).profile.sub, 'prs_1')
  await assert.rejects(ended(second, first.get('nonce')), /nonce/)
  assert.equal((await ended(third, third.get('nonce'))).profile.sub, 'prs_1')
})
