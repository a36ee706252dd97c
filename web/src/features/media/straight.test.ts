import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownKeys } from './own-keys.ts'
import type { UploadWorld } from './upload-world.ts'
import { aFile, anUpload, aStore, bytes } from './uploader.fixture.ts'

const place = { pool: 'eu-central-1:pool', provider: 'issuer/pool', region: 'eu-central-1', url: 'https://uploads.example/key', ticket: 'ticket' }

/** A store that gives keys to pages, as long as it does. */
const aWorld = ({ world }: ReturnType<typeof aStore>, signOwn: UploadWorld['signOwn']): UploadWorld => ({
  ...world,
  hash: async () => 'digest',
  signOwn,
  api: { ...world.api, startUpload: async (asked) => ({ ...(await world.api.startUpload(asked)), straight: place }) },
})
const own: UploadWorld['signOwn'] = async (_, parts) => parts.map(({ number, size, sha256 }) => `part:${number}:${sha256}:own-${size}`)

test('with keys of one’s own at the store, a film is sent without asking the school to sign anything', async () => {
  const urls: string[] = []
  const store = aStore(({ url }) => void urls.push(url))
  const { upload } = anUpload(aFile(25), aWorld(store, own))
  await upload.run()
  assert.deepEqual(store.content(), [...bytes(25)])
  assert.deepEqual(store.calls, ['start', 'finish'])
  assert.deepEqual(urls.toSorted(), ['part:1:digest:own-10', 'part:2:digest:own-10', 'part:3:digest:own-5'])
})

test('an upload that goes on for long is heard of by the school now and then, or it would be given up', async () => {
  const store = aStore()
  const { upload } = anUpload(aFile(2000), aWorld(store, own))
  await upload.run()
  assert.deepEqual(store.content(), [...bytes(2000)])
  assert.equal(store.calls.filter((call) => call.startsWith('sign ')).length, 1)
})

test('where the store gives no keys the school signs, and the film arrives all the same', async () => {
  const store = aStore()
  const { upload } = anUpload(
    aFile(25),
    aWorld(store, () => Promise.reject(new Error('the pool is away'))),
  )
  await upload.run()
  assert.deepEqual([upload.state().phase, store.content().length, store.calls.at(-1)], ['done', 25, 'finish'])
  assert.ok(store.calls.some((call) => call.startsWith('sign ')))
})

test('keys that open nothing are used once: the school signs what is left', async () => {
  const store = aStore(({ url }) => (url.includes('own') ? 403 : undefined))
  let signed = 0
  const signOwn: UploadWorld['signOwn'] = (...asked) => {
    signed += 1
    return own(...asked)
  }
  const { upload } = anUpload(aFile(25), aWorld(store, signOwn))
  await upload.run()
  assert.deepEqual([upload.state().phase, store.content().length, signed], ['done', 25, 1])
})

/** Cognito, as a page asks it. */
const aPool = (secondsOfKeys: number, isOpen = () => true) => {
  const asked: { operation: string; body: unknown }[] = []
  const now = { at: Date.parse('2026-11-29T08:00:00Z') }
  const answers: Record<string, () => object> = {
    GetId: () => ({ IdentityId: 'eu-central-1:1' }),
    GetCredentialsForIdentity: () => ({
      IdentityId: 'eu-central-1:1',
      Credentials: { AccessKeyId: `ASIA${asked.length}`, SecretKey: 's', SessionToken: 't', Expiration: now.at / 1000 + secondsOfKeys },
    }),
  }
  const ask: typeof fetch = async (url, init) => {
    assert.equal(String(url), 'https://cognito-identity.eu-central-1.amazonaws.com/')
    const operation = (new Headers(init?.headers).get('x-amz-target') ?? '').replace('AWSCognitoIdentityService.', '')
    asked.push({ operation, body: JSON.parse(String(init?.body)) })
    return isOpen() ? Response.json(answers[operation]?.()) : Response.json({ __type: 'NotAuthorizedException' }, { status: 400 })
  }
  return { asked, now, keys: ownKeys({ idToken: async () => 'id-token', fetch: ask, now: () => new Date(now.at) }) }
}

test('a sign-in is exchanged for keys once, and again before they run out', async () => {
  const { asked, now, keys } = aPool(3600)
  const [first, second] = [await keys(place), await keys(place)]
  assert.equal(first, second)
  assert.deepEqual(asked, [
    { operation: 'GetId', body: { IdentityPoolId: place.pool, Logins: { 'issuer/pool': 'id-token' } } },
    { operation: 'GetCredentialsForIdentity', body: { IdentityId: 'eu-central-1:1', Logins: { 'issuer/pool': 'id-token' } } },
  ])
  now.at += 50 * 60_000
  assert.notEqual((await keys(place)).accessKeyId, first.accessKeyId)
})

test('a pool that refuses is asked again by the next upload, and nobody signed in asks nothing', async () => {
  let isOpen = false
  const { keys } = aPool(3600, () => isOpen)
  await assert.rejects(keys(place), /GetId was answered 400/)
  isOpen = true
  assert.equal((await keys(place)).secretKey, 's')
  const never: typeof fetch = async () => assert.fail('nothing is asked')
  await assert.rejects(ownKeys({ idToken: async () => undefined, fetch: never, now: () => new Date() })(place), /Nobody is signed in/)
})
