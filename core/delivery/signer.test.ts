import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getSignedUrl } from '@aws-sdk/cloudfront-signer'
import fc from 'fast-check'
import { ec, rsa } from './keys.fixture.ts'
import { fileResource, fromEdgeBase64, mediaResource, playbackCookies, policyText, signedCookies, signedFileUrl, toEdgeBase64 } from './signer.ts'

const now = new Date('2026-11-22T10:00:00.700Z')
const url = 'http://localhost:4600'
const settings = { url, mediaUrl: url, playbackTtlSeconds: 600 }
const grant = { settings, keys: [ec] as const, video: 'vid_a', stream: 'str_1', now }

const valuesOf = (lines: string[]): Record<string, string> =>
  Object.fromEntries(lines.map((line) => (line.split(';')[0] ?? '').split('=', 2)).map(([name = '', value = '']) => [name, value]))

test('a learner gets cookies that open one video for the agreed time and go with the browser', () => {
  const { cookies, ttlSeconds } = playbackCookies(grant)
  assert.deepEqual(Object.keys(valuesOf(cookies)), [
    'CloudFront-Policy',
    'CloudFront-Signature',
    'CloudFront-Key-Pair-Id',
    'CloudFront-Hash-Algorithm',
    'Lectern-Stream',
  ])
  for (const line of cookies) assert.match(line, /^[A-Za-z-]+=[A-Za-z0-9_~-]+; Path=\/media\/vid_a\/; HttpOnly; SameSite=Lax$/)
  const policy = new TextDecoder().decode(fromEdgeBase64(valuesOf(cookies)['CloudFront-Policy'] ?? ''))
  assert.equal(policy, '{"Statement":[{"Resource":"http://localhost:4600/media/vid_a/*","Condition":{"DateLessThan":{"AWS:EpochTime":1795342200}}}]}')
  assert.equal(ttlSeconds, 600)
})

test('nothing is signed beyond the moment the right itself ends', () => {
  const { cookies, ttlSeconds } = playbackCookies({ ...grant, until: '2026-11-22T10:03:00Z' })
  assert.equal(ttlSeconds, 180)
  assert.match(new TextDecoder().decode(fromEdgeBase64(valuesOf(cookies)['CloudFront-Policy'] ?? '')), /"AWS:EpochTime":1795341780}/)
})

test('cookies of a school on https travel on https only', () => {
  const { cookies } = playbackCookies({ ...grant, settings: { ...settings, mediaUrl: 'https://learn.example.org', url: 'https://learn.example.org' } })
  for (const line of cookies) assert.match(line, /; Secure$/)
})

test('the first of several keys signs', () => {
  const { cookies } = playbackCookies({ ...grant, keys: [rsa, ec] })
  assert.equal(valuesOf(cookies)['CloudFront-Key-Pair-Id'], 'K1RSA')
})

test('nothing that could widen a grant is signed', () => {
  const hostileIds = ['*', 'vid_*', 'vid_?', '../vid_a', 'vid_a/..', '', 'vid"a', 'vid\\a', 'vid\na', 'vid\u0000', 'vid a', 'vid%2f', 'vid_ä', 'a'.repeat(129)]
  for (const video of hostileIds) assert.throws(() => mediaResource(url, video), /plain video id/, JSON.stringify(video))
  const hostileUrls = [
    'ftp://localhost',
    '*://localhost',
    'http*://localhost',
    'javascript:alert(1)',
    'http://',
    'http://a/*',
    'http://a?',
    'http://a","Resource":"*',
    'http://a\\b',
    'http://a b',
    'http://a\r\n',
    'http://a\u0000',
    'http://user@a',
    'http://a/',
    'HTTP://a',
    '',
  ]
  for (const hostile of hostileUrls) assert.throws(() => mediaResource(hostile, 'vid_a'), /plain http or https origin/, JSON.stringify(hostile))
})

/** What has been tried against signers: another statement, another condition, an address block, a header of one's own. */
const INJECTIONS = [
  '","Resource":"*',
  'vid_a/*"},{"Resource":"*',
  'vid_a","Condition":{"IpAddress":{"AWS:SourceIp":"0.0.0.0/0"}},"x":"',
  '0.0.0.0/0',
  '203.0.113.0/33',
  '::1/128',
  'vid_a; Domain=evil.test',
  'vid_a; Path=/',
  'vid_a, Lectern-Stream=x',
  'vid_a\r\nSet-Cookie: CloudFront-Policy=x',
  ...Array.from({ length: 33 }, (_, code) => `vid_a${String.fromCharCode(code === 32 ? 127 : code)}`),
  'vid_a\u0085',
  'vid_a\u2028',
  'vid_a\ud800',
  'vid_a\u202e',
]

test('a policy or a header cannot be broken out of: videos, streams, key ids, resources and ends that are not plain are refused, never escaped', () => {
  assert.equal(playbackCookies(grant).cookies.length, 5, 'the honest one is signed')
  const honest = { resource: mediaResource(url, 'vid_a'), expiresEpochSeconds: 1795342200, key: ec }
  assert.equal(signedCookies(honest).length, 4)
  for (const hostile of INJECTIONS) {
    const told = JSON.stringify(hostile)
    assert.throws(() => playbackCookies({ ...grant, video: hostile }), /plain video id/, told)
    assert.throws(() => playbackCookies({ ...grant, stream: hostile }), /stream has a plain id/, told)
    assert.throws(() => playbackCookies({ ...grant, keys: [{ ...ec, id: hostile }] }), /key has a plain id/, told)
    assert.throws(() => playbackCookies({ ...grant, settings: { ...settings, mediaUrl: `${url}/${hostile}` } }), /plain http or https origin/, told)
    for (const resource of [`${url}/media/${hostile}/*`, `${honest.resource}${hostile}`, hostile])
      assert.throws(() => signedCookies({ ...honest, resource }), /only for one video/, told)
  }
  const wide = [
    '*',
    'http*://*',
    `${url}/*`,
    `${url}/media/*`,
    `${url}/media/vid_?/*`,
    `${url}/media/vid_*/*`,
    `${url}/media/../*`,
    `${url}/media/vid_a/*?*`,
    `${url}/media/vid_a`,
  ]
  for (const resource of wide) assert.throws(() => signedCookies({ ...honest, resource }), /only for one video/, resource)
  for (const expiresEpochSeconds of [0, -1, 1795342200.5, 1795342200_000, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => signedCookies({ ...honest, expiresEpochSeconds }), /whole seconds/, String(expiresEpochSeconds))
  assert.throws(() => playbackCookies({ ...grant, until: 'tomorrow' }), /whole seconds/)
  assert.throws(() => playbackCookies({ ...grant, settings: { ...settings, playbackTtlSeconds: Number.NaN } }), /whole seconds/)
})

test('a file’s URL is the very one AWS’s own signer makes, good for five minutes', () => {
  const file = 'files/fil_00000001/content'
  const { url: ours, expiresAt } = signedFileUrl({ settings, keys: [rsa, ec], file, now })
  assert.equal(expiresAt, '2026-11-22T10:05:00.000Z')
  const theirs = getSignedUrl({
    ...{ url: `${url}/${file}`, keyPairId: rsa.id, privateKey: rsa.privateKey.reveal(), dateLessThan: expiresAt, algorithm: 'SHA256' },
  })
  const parts = (signed: string): string[] => signed.split(/[?&]/).sort()
  assert.deepEqual(parts(ours), parts(theirs))
  const until = '2026-11-22T10:01:00Z'
  assert.equal(signedFileUrl({ settings, keys: [ec], file, now, until }).expiresAt, '2026-11-22T10:01:00.000Z')
})

test('no URL is signed for anything but one file, by a plain key and until a real time', () => {
  const ours = { settings, keys: [ec] as const, file: 'files/fil_1/content', now }
  const others = ['media/vid_a/master.m3u8', 'files/*/content', 'files/fil_1/*', 'files/fil_1', 'files/fil_1/a/b', 'files/../media', 'files/fil_1/a?x=1', '']
  for (const file of [...others, ...INJECTIONS.map((hostile) => `files/${hostile}/content`)])
    assert.throws(() => signedFileUrl({ ...ours, file }), /key of a lesson/, JSON.stringify(file))
  for (const hostile of INJECTIONS) {
    assert.throws(() => fileResource(`${url}/${hostile}`, ours.file), /plain http or https origin/)
    assert.throws(() => signedFileUrl({ ...ours, keys: [{ ...ec, id: hostile }] }), /key has a plain id/)
  }
  assert.throws(() => signedFileUrl({ ...ours, until: 'tomorrow' }), /whole seconds/)
})

test('whatever the id, what is signed is one statement for one prefix, or nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'aZ09_-*?"\\/.%\n\u0000é') }), (video) => {
      let resource: string
      try {
        resource = mediaResource(url, video)
      } catch {
        return true
      }
      const policy = JSON.parse(policyText(resource, 1))
      return policy.Statement.length === 1 && policy.Statement[0].Resource === `${url}/media/${video}/*` && !/[*?/.]/.test(video)
    }),
    { seed: 4600, numRuns: 500 },
  )
})

test('any bytes survive the edge’s base64, and a second spelling of them is refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (bytes) => {
      const text = toEdgeBase64(bytes)
      assert.match(text, /^[A-Za-z0-9_~-]+$/)
      assert.deepEqual(new Uint8Array(fromEdgeBase64(text) ?? []), bytes)
      for (const other of [`${text}_`, ` ${text}`, `${text}\n`, text.replace(/_+$/, '')]) if (other !== text) assert.equal(fromEdgeBase64(other), undefined)
    }),
    { seed: 4600, numRuns: 300 },
  )
})

test('cookies for media on a host of their own reach it and no wider name, and are signed for it', () => {
  const apart = { url: 'https://school.example', mediaUrl: 'https://media.school.example', playbackTtlSeconds: 600 }
  const { cookies } = playbackCookies({ settings: apart, keys: [ec], video: 'vid_a', stream: 'str_a', now })
  for (const cookie of cookies) assert.match(cookie, /; Path=\/media\/vid_a\/; Domain=school\.example; HttpOnly; SameSite=Lax; Secure$/)
  const policy = valuesOf(cookies)['CloudFront-Policy'] ?? ''
  assert.match(new TextDecoder().decode(fromEdgeBase64(policy)), /"https:\/\/media\.school\.example\/media\/vid_a\/\*"/)
  assert.equal(
    signedFileUrl({ settings: apart, keys: [ec], file: 'files/les_a/fil_a', now }).url.split('?')[0],
    'https://media.school.example/files/les_a/fil_a',
  )
  const elsewhere = { ...apart, mediaUrl: 'https://media.other.example' }
  assert.throws(() => playbackCookies({ settings: elsewhere, keys: [ec], video: 'vid_a', stream: 'str_a', now }), /own host/)
})
