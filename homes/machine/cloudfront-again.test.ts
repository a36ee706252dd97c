import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEcKey, ec, rsa } from '#core/delivery/keys.fixture.ts'
import { COOKIES, policyText, signedCookies, signText, toEdgeBase64 } from '#core/delivery/signer.ts'
import type { LiveKeys } from '#ports/keys.ts'
import { cloudFront, cloudFrontOf } from './cloudfront.ts'
import { changed, oneOf, seeded } from './forgery.fixture.ts'

/** What holds for viewers who come with the same cookies again and again. */
const site = 'http://localhost:4600'
const now = new Date('2026-11-22T10:00:00Z')
const epoch = now.getTime() / 1000

type Values = Record<string, string>
const header = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
const cookiesFor = (resource: string, key = ec): Values =>
  Object.fromEntries(signedCookies({ resource: `${site}${resource}`, expiresEpochSeconds: epoch + 600, key }))

type Asked = { cookies: string; path?: string; seconds?: number; address?: string }
/** An edge that has let nobody in yet. */
const anEdge = (keys = [ec, rsa]) => {
  const check = cloudFront(keys)
  return ({ cookies, path = '/media/vid_a/720p/1.m4s', seconds = 0, address = '127.0.0.1' }: Asked): string | undefined =>
    check({ url: `${site}${path}`, cookies, address, now: new Date(now.getTime() + seconds * 1000) })
}

test('of 10,000 alterations of cookies that have just been let in none is let in', () => {
  const ask = anEdge()
  const random = seeded(4601)
  const good = [ec, rsa, ec].map((key) => cookiesFor('/media/vid_a/*', key))
  const letIn: string[] = []
  for (let made = 0; made < 10_000; ) {
    const values = oneOf(random, good)
    const name = oneOf(random, Object.keys(values))
    const altered = { ...values, [name]: changed(values[name] ?? '', random) }
    if (altered[name] === values[name]) continue
    made += 1
    assert.equal(ask({ cookies: header(values) }), undefined)
    if (ask({ cookies: header(altered) }) === undefined) letIn.push(header(altered))
  }
  assert.deepEqual(letIn, [])
})

test('parts of several grants that have been let in make none together', () => {
  const ask = anEdge()
  const [a, b] = [cookiesFor('/media/vid_a/*'), cookiesFor('/media/vid_b/*')]
  assert.equal(ask({ cookies: header(a) }), undefined)
  assert.equal(ask({ cookies: header(b), path: '/media/vid_b/1.m4s' }), undefined)
  for (const name of [COOKIES.policy, COOKIES.signature])
    for (const path of ['/media/vid_a/1.m4s', '/media/vid_b/1.m4s'])
      assert.equal(ask({ cookies: header({ ...a, [name]: b[name] ?? '' }), path }), 'AccessDenied')
  assert.equal(ask({ cookies: `${header(a)}; ${header(b)}` }), 'AccessDenied')
})

test('whoever was let in is asked about the time, the video and the address at each request', () => {
  const ask = anEdge()
  const cookies = header(cookiesFor('/media/vid_a/*'))
  assert.deepEqual(
    [0, 599, 600, 599].map((seconds) => ask({ cookies, seconds })),
    [undefined, undefined, 'AccessDenied', undefined],
  )
  assert.equal(ask({ cookies, path: '/media/vid_b/720p/1.m4s' }), 'AccessDenied')
  assert.equal(ask({ cookies, path: '/media/vid_a/720p/1.m4s?Policy=x' }), 'MissingKey')
  const condition = { DateLessThan: { 'AWS:EpochTime': epoch + 600 }, IpAddress: { 'AWS:SourceIp': '203.0.113.0/24' } }
  const policy = JSON.stringify({ Statement: [{ Resource: `${site}/*`, Condition: condition }] })
  const here = header({
    [COOKIES.policy]: toEdgeBase64(policy),
    [COOKIES.signature]: signText(policy, ec.privateKey, 'SHA256'),
    [COOKIES.key]: ec.id,
    [COOKIES.hash]: 'SHA256',
  })
  assert.deepEqual(
    ['203.0.113.7', '203.0.114.7', '203.0.113.8'].map((address) => ask({ cookies: here, address })),
    [undefined, 'AccessDenied', undefined],
  )
})

test('canned cookies that opened their one URL open no other', () => {
  const ask = anEdge()
  const path = '/media/vid_a/720p/1.m4s'
  const cookies = header({
    [COOKIES.expires]: String(epoch + 600),
    [COOKIES.signature]: signText(policyText(`${site}${path}`, epoch + 600), ec.privateKey, 'SHA256'),
    [COOKIES.key]: ec.id,
    [COOKIES.hash]: 'SHA256',
  })
  assert.deepEqual(
    [path, '/media/vid_a/720p/2.m4s', path].map((each) => ask({ cookies, path: each })),
    [undefined, 'AccessDenied', undefined],
  )
})

test('whoever was let in stays so while the key that signed is live, and not a request longer', async () => {
  let live: LiveKeys = [ec]
  const check = cloudFrontOf({ live: async () => live })
  const cookies = header(cookiesFor('/media/vid_a/*'))
  const ask = () => check({ url: `${site}/media/vid_a/1.m4s`, cookies, address: undefined, now })
  assert.equal(await ask(), undefined)
  live = [rsa, ec]
  assert.equal(await ask(), undefined)
  live = [rsa]
  assert.equal(await ask(), 'InvalidKey')
  live = [anEcKey(ec.id)]
  assert.equal(await ask(), 'AccessDenied', 'another key of the same name')
})

test('with more viewers than are remembered, and longer cookies, each is still let in to their own and no more', () => {
  const ask = anEdge()
  const viewers = Array.from({ length: 1200 }, (_, number) => ({
    path: `/media/vid_${number}/1.m4s`,
    other: `/media/vid_${number + 1}/1.m4s`,
    cookies: `${header(cookiesFor(`/media/vid_${number}/*`))}; theme=${'x'.repeat(number % 7 === 0 ? 5000 : 5)}`,
  }))
  for (const { path, other, cookies } of [...viewers, ...viewers.slice(-300), ...viewers.slice(0, 300)]) {
    assert.equal(ask({ cookies, path }), undefined)
    assert.equal(ask({ cookies, path: other }), 'AccessDenied')
  }
})
