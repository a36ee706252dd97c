import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import * as client from 'openid-client'
import { systemClock } from '#homes/machine/clock.ts'
import { aBrowser, signedIn as signedInAs, words } from '#test/browser.ts'
import { rotateSigningKey } from './keys.ts'
import { SESSION_SECONDS } from './provider.ts'
import { aReader, aScene, PASSWORD, type Scene } from './scene.fixture.ts'

/** Asked by a certified client library, which takes nothing that OpenID Connect does not allow. */
describe('the school’s provider, to a certified client', () => {
  let scene: Scene
  let configuration: client.Configuration
  const discover = () => client.discovery(new URL(`${scene.url}/auth`), 'lectern-web', undefined, client.None(), { execute: [client.allowInsecureRequests] })
  before(async () => {
    scene = await aScene()
    configuration = await discover()
  })
  after(() => scene.close())

  const asked = async (more: Record<string, string> = {}) => {
    const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()]
    const address = client.buildAuthorizationUrl(configuration, {
      ...{ scope: 'openid profile email', redirect_uri: `${scene.url}/signed-in`, state, nonce },
      ...{ code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
      ...more,
    })
    return { address, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true } }
  }
  const signedIn = async () => {
    const [{ email, id }, browser, { address, checks }] = [await aReader(scene), aBrowser(scene.url), await asked()]
    const back = await browser.submit(await browser.open(address), { email, password: PASSWORD })
    const exchange = () => client.authorizationCodeGrant(configuration, back.url, checks)
    return { email, id, browser, exchange, tokens: await exchange() }
  }
  const rotate = async (isLeaked: boolean): Promise<void> => {
    const database = new DatabaseSync(join(scene.folder, 'identity.sqlite'))
    await rotateSigningKey(database, systemClock, isLeaked)
    database.close()
    await scene.restart()
  }

  it('says of itself what it does: code with PKCE by S256, and no other way', () => {
    const document = configuration.serverMetadata()
    assert.deepEqual(document.response_types_supported, ['code'])
    assert.deepEqual(document.code_challenge_methods_supported, ['S256'])
    assert.deepEqual(document.grant_types_supported?.toSorted(), ['authorization_code', 'refresh_token'])
    assert.equal(document.issuer, `${scene.url}/auth`)
  })

  it('signs people in with a code, for which the client checks state, nonce, issuer and signature', async () => {
    const { id, email, tokens } = await signedIn()
    const claims = tokens.claims()
    assert.deepEqual([claims?.sub, claims?.['email'], claims?.['email_verified']], [id, email, true])
    assert.equal((await scene.identity().verify(tokens.access_token))?.id, id)
  })

  it('refuses implicit and hybrid answers, PKCE in the plain, and a password in place of a code', async () => {
    const errorOf = async (more: Record<string, string>): Promise<string | null> => {
      const { url } = await aBrowser(scene.url).open((await asked(more)).address)
      return url.searchParams.get('error') ?? new URLSearchParams(url.hash.slice(1)).get('error')
    }
    for (const response_type of ['token', 'id_token', 'id_token token', 'code id_token', 'code token', 'none'])
      assert.equal(await errorOf({ response_type }), 'unsupported_response_type', response_type)
    assert.equal(await errorOf({ code_challenge_method: 'plain' }), 'invalid_request')
    const { email } = await aReader(scene)
    const ropc = client.genericGrantRequest(configuration, 'password', { username: email, password: PASSWORD })
    await assert.rejects(ropc, { error: 'unsupported_grant_type' })
  })

  it('gives a new refresh token each time, and ends everything when an old one comes back', async () => {
    const { id, tokens } = await signedIn()
    const renewed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')
    assert.notEqual(renewed.refresh_token, tokens.refresh_token)
    // A lost answer, or a second tab, is forgiven for ten seconds; after them it is a thief, or the one who was robbed.
    scene.sql(
      "UPDATE oidc SET payload = json_set(payload, '$.consumed', json_extract(payload, '$.consumed') - 11) WHERE json_extract(payload, '$.consumed') IS NOT NULL",
    )
    await assert.rejects(client.refreshTokenGrant(configuration, tokens.refresh_token ?? ''), { error: 'invalid_grant' })
    await assert.rejects(client.refreshTokenGrant(configuration, renewed.refresh_token ?? ''), { error: 'invalid_grant' })
    for (const { access_token } of [tokens, renewed]) assert.equal(await scene.identity().verify(access_token), undefined)
    assert.equal((await scene.identity().find(id))?.isDisabled, false)
  })

  it('ends everything when a code comes back, and nothing of another browser', async () => {
    const { id, email, browser, exchange, tokens } = await signedIn()
    const there = await signedInAs(scene.url, email, PASSWORD)
    await assert.rejects(exchange(), { error: 'invalid_grant' })
    assert.equal(await scene.identity().verify(tokens.access_token), undefined)
    await assert.rejects(client.refreshTokenGrant(configuration, tokens.refresh_token ?? ''), { error: 'invalid_grant' })
    assert.match(words(await browser.open((await asked()).address)), /Sign in/)
    assert.equal((await scene.identity().verify(there.access_token))?.id, id)
  })

  it('gives a browser another cookie where somebody signs in again, and knows the former no more', async () => {
    const { id, email, browser } = await signedIn()
    /** What the cookies of somebody's sessions hold. */
    const held = (): unknown[] => {
      const database = new DatabaseSync(join(scene.folder, 'identity.sqlite'), { readOnly: true })
      const rows = database.prepare("SELECT id FROM oidc WHERE model = 'Session' AND account = ?").all(id)
      database.close()
      return rows.map((row) => row['id'])
    }
    const before = held()
    await browser.submit(await browser.open((await asked({ prompt: 'login' })).address), { email, password: PASSWORD })
    const now = held()
    assert.deepEqual([before.length, now.length], [1, 1])
    assert.notDeepEqual(now, before)
  })

  it('renews nothing once the session has run out', async () => {
    const { id, tokens } = await signedIn()
    scene.sql(`UPDATE oidc SET expires = 1 WHERE model = 'Session' AND account = '${id}'`)
    assert.equal(await scene.identity().verify(tokens.access_token), undefined)
    await assert.rejects(client.refreshTokenGrant(configuration, tokens.refresh_token ?? ''), { error: 'invalid_grant' })
  })

  it('ends a session twelve hours after the sign-in, however often it is used', async () => {
    const { id, browser } = await signedIn()
    const secondsLeft = (): number => {
      const database = new DatabaseSync(join(scene.folder, 'identity.sqlite'))
      // The column that the statement names.
      const row = database.prepare("SELECT json_extract(payload, '$.exp') AS ends FROM oidc WHERE model = 'Session' AND account = ?").get(id) as {
        ends: number
      }
      database.close()
      return row.ends - Date.now() / 1000
    }
    assert.ok(secondsLeft() > SESSION_SECONDS - 60)
    scene.age(id, SESSION_SECONDS - 60)
    assert.match((await browser.open((await asked()).address)).url.pathname, /signed-in/)
    assert.ok(secondsLeft() <= 60)
  })

  it('signs out when the client says whose session it is, and leads back to the school with its state', async () => {
    const { browser, tokens } = await signedIn()
    const leave = client.buildEndSessionUrl(configuration, { id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: `${scene.url}/`, state: 'kept' })
    assert.equal((await browser.open(leave)).url.href, `${scene.url}/?state=kept`)
    assert.equal(await scene.identity().verify(tokens.access_token), undefined)
    assert.match(words(await browser.open((await asked()).address)), /Sign in/)
  })

  it('takes a new signing key while what the former has signed still counts', async () => {
    const { id, browser, tokens } = await signedIn()
    await rotate(false)
    const keys = async (): Promise<string[]> => {
      // A key set, RFC 7517 §5.
      const set = (await (await fetch(`${scene.url}/auth/jwks`)).json()) as { keys: { kid: string }[] }
      return set.keys.map(({ kid }) => kid)
    }
    assert.equal((await keys()).length, 2)
    assert.equal((await scene.identity().verify(tokens.access_token))?.id, id)
    configuration = await discover()
    const renewed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')
    assert.equal((await scene.identity().verify(renewed.access_token))?.id, id)
    const kidOf = (token: string): string => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
    assert.deepEqual([kidOf(renewed.access_token), kidOf(tokens.access_token)], await keys())
    // Its ID token still says whose session is to end.
    const leave = client.buildEndSessionUrl(configuration, { id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: `${scene.url}/` })
    assert.equal((await browser.open(leave)).url.href, `${scene.url}/`)
  })

  it('drops a key that has leaked at once, with all that it signed', async () => {
    const { id, tokens } = await signedIn()
    await rotate(true)
    assert.equal(await scene.identity().verify(tokens.access_token), undefined)
    configuration = await discover()
    const renewed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')
    assert.equal((await scene.identity().verify(renewed.access_token))?.id, id)
  })
})
