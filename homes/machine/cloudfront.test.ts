import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { getSignedCookies, getSignedUrl } from '@aws-sdk/cloudfront-signer'
import { ec, rsa, stranger } from '#core/delivery/keys.fixture.ts'
import { COOKIES, type HashAlgorithm, policyText, signText, toEdgeBase64 } from '#core/delivery/signer.ts'
import type { SigningKey } from '#ports/keys.ts'
import { cloudFront } from './cloudfront.ts'

const check = cloudFront([rsa, ec])

const site = 'http://localhost:4600'
const file = `${site}/media/vid_a/master.m3u8`
const now = new Date('2026-11-22T10:00:00Z')
const epoch = now.getTime() / 1000
const soon = new Date(now.getTime() + 600_000).toISOString()
const ago = new Date(now.getTime() - 600_000).toISOString()

type Values = Record<string, string>
const header = (values: object): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
const ask = (url: string, values: object = {}, rest: { at?: Date; address?: string } = {}): string | undefined =>
  check({ url, cookies: header(values), address: rest.address ?? '127.0.0.1', now: rest.at ?? now })

/** Cookies over any text at all, policy or not. */
const cookiesOver = (policy: string, key: SigningKey = ec, hash: HashAlgorithm = 'SHA256'): Values => ({
  [COOKIES.policy]: toEdgeBase64(policy),
  [COOKIES.signature]: signText(policy, key.privateKey, hash),
  [COOKIES.key]: key.id,
  ...(hash === 'SHA256' ? { [COOKIES.hash]: 'SHA256' } : {}),
})
const statement = (resource: string | undefined, condition: object = {}): string =>
  JSON.stringify({ Statement: [{ Resource: resource, Condition: { DateLessThan: { 'AWS:EpochTime': epoch + 600 }, ...condition } }] })

for (const [kind, key] of [
  ['RSA', rsa],
  ['EC', ec],
] as const) {
  for (const hash of ['SHA1', 'SHA256'] as const) {
    const other = hash === 'SHA1' ? 'SHA256' : 'SHA1'
    const signer = { keyPairId: key.id, privateKey: key.privateKey.reveal(), algorithm: hash }
    const cookies = (resource: string, ends: string): Values => {
      const { 'CloudFront-Expires': _canned, ...custom } = getSignedCookies({ ...signer, policy: policyText(resource, Date.parse(ends) / 1000) })
      return custom
    }
    const canned = (url: string, ends: string): object => getSignedCookies({ ...signer, url, dateLessThan: ends })
    const custom = cookies(`${site}/media/vid_a/*`, soon)

    describe(`grants of AWS’s own signer, ${kind} with ${hash}`, () => {
      const rows: [string, string | undefined, () => string | undefined][] = [
        ['a custom cookie opens what its pattern covers', undefined, () => ask(file, custom)],
        ['deeper files too, since a star crosses slashes', undefined, () => ask(`${site}/media/vid_a/720p/s/1.m4s`, custom)],
        ['and with a query', undefined, () => ask(`${file}?v=2`, custom)],
        ['not another video', 'AccessDenied', () => ask(`${site}/media/vid_b/master.m3u8`, custom)],
        ['not a sibling whose name begins the same', 'AccessDenied', () => ask(`${site}/media/vid_a1/master.m3u8`, custom)],
        ['not another host', 'AccessDenied', () => ask('http://localhost:4601/media/vid_a/master.m3u8', custom)],
        ['not another scheme', 'AccessDenied', () => ask('https://localhost:4600/media/vid_a/master.m3u8', custom)],
        ['not once it has ended', 'AccessDenied', () => ask(file, cookies(`${site}/media/vid_a/*`, ago))],
        ['not with the other digest named', 'AccessDenied', () => ask(file, { ...custom, [COOKIES.hash]: other })],
        ['not with an unknown digest named', 'AccessDenied', () => ask(file, { ...custom, [COOKIES.hash]: 'MD5' })],
        ['not under the other key', 'AccessDenied', () => ask(file, { ...custom, [COOKIES.key]: key === rsa ? ec.id : rsa.id })],
        ['not under a key nobody knows', 'InvalidKey', () => ask(file, { ...custom, [COOKIES.key]: stranger.id })],
        ['a canned cookie opens its one URL', undefined, () => ask(file, canned(file, soon))],
        ['and no other', 'AccessDenied', () => ask(`${site}/media/vid_a/poster.jpg`, canned(file, soon))],
        ['and not that URL with a query', 'AccessDenied', () => ask(`${file}?v=2`, canned(file, soon))],
        ['not once it has ended', 'AccessDenied', () => ask(file, canned(file, ago))],
        ['not with its end moved', 'AccessDenied', () => ask(file, { ...canned(file, ago), [COOKIES.expires]: epoch + 600 })],
        ['a canned signed URL opens', undefined, () => ask(getSignedUrl({ ...signer, url: file, dateLessThan: soon }))],
        ['with its own query too', undefined, () => ask(getSignedUrl({ ...signer, url: `${file}?size=large`, dateLessThan: soon }))],
        [
          'but not with the query altered',
          'AccessDenied',
          () => ask(getSignedUrl({ ...signer, url: `${file}?size=large`, dateLessThan: soon }).replace('large', 'small')),
        ],
        ['an ended signed URL does not', 'AccessDenied', () => ask(getSignedUrl({ ...signer, url: file, dateLessThan: ago }))],
        ['a custom signed URL opens', undefined, () => ask(getSignedUrl({ ...signer, url: file, policy: policyText(`${site}/media/vid_a/*`, epoch + 600) }))],
      ]
      for (const [name, expected, answer] of rows) test(name, () => assert.equal(answer(), expected))
    })
  }
}

test('without a grant the key is missing, and an empty one is as good as none', () => {
  assert.equal(check({ url: file, cookies: undefined, address: undefined, now }), 'MissingKey')
  assert.equal(ask(file, { session: 'x' }), 'MissingKey')
  assert.equal(ask(file, { ...cookiesOver(statement('*')), [COOKIES.key]: '' }), 'MissingKey')
  assert.equal(ask(file, { 'cloudfront-key-pair-id': ec.id }), 'MissingKey', 'names are case-sensitive')
})

test('any signature parameter in the query makes good cookies count for nothing', () => {
  const good = cookiesOver(statement(`${site}/media/vid_a/*`))
  assert.equal(ask(file, good), undefined)
  for (const name of ['Expires', 'Policy', 'Signature', 'Hash-Algorithm']) {
    assert.equal(ask(`${file}?${name}=1`, good), 'MissingKey', name)
    assert.equal(ask(`${file}?a=b&${name}`, good), 'MissingKey', `${name} without a value`)
  }
  assert.equal(ask(`${file}?Key-Pair-Id=${ec.id}`, good), 'MalformedPolicy')
  assert.equal(ask(`${file}?expires=1&policy=2`, good), undefined, 'other spellings are the page’s own')
})

test('a signed policy that is not one statement of known conditions is malformed', () => {
  const less = { DateLessThan: { 'AWS:EpochTime': epoch + 600 } }
  const one = { Resource: `${site}/*`, Condition: less }
  const malformed = [
    'nonsense',
    '[]',
    '{}',
    'null',
    '{"Statement":[]}',
    JSON.stringify({ Statement: [one, one] }),
    JSON.stringify({ Statement: one }),
    JSON.stringify({ Statement: [{ Resource: `${site}/*` }] }),
    JSON.stringify({ Statement: [{ ...one, Condition: {} }] }),
    JSON.stringify({ Statement: [{ ...one, Resource: ['*'] }] }),
    statement('ftp://localhost/*'),
    statement('localhost/*'),
    statement(`${site}/*`, { DateLessThan: { 'AWS:EpochTime': String(epoch + 600) } }),
    statement(`${site}/*`, { DateLessThan: { 'AWS:EpochTime': epoch + 0.5 } }),
    statement(`${site}/*`, { DateGreaterThan: 1 }),
    statement(`${site}/*`, { IpAddress: { 'AWS:SourceIp': '10.0.0.0/33' } }),
    statement(`${site}/*`, { IpAddress: { 'AWS:SourceIp': '::1/128' } }),
    statement(`${site}/*`, { IpAddress: { 'AWS:SourceIp': '300.0.0.1' } }),
    statement(`${site}/*`, { StringLike: { a: 'b' } }),
  ]
  for (const policy of malformed) assert.equal(ask(file, cookiesOver(policy)), 'MalformedPolicy', policy)
})

test('canned and custom at once, or neither, is malformed', () => {
  const good = cookiesOver(statement(`${site}/media/vid_a/*`))
  assert.equal(ask(file, { ...good, [COOKIES.expires]: epoch + 600 }), 'MalformedPolicy')
  assert.equal(ask(file, { [COOKIES.key]: ec.id, [COOKIES.signature]: good[COOKIES.signature] }), 'MalformedPolicy')
  for (const expires of ['', '0', '-1', '1e12', '01795342200', '1795342200.5', ' 1', 'NaN']) {
    assert.equal(
      ask(file, { [COOKIES.key]: ec.id, [COOKIES.signature]: good[COOKIES.signature], [COOKIES.expires]: expires || 'x' }),
      'MalformedPolicy',
      expires,
    )
  }
})

test('a cookie sent twice must say the same both times', () => {
  const good = cookiesOver(statement(`${site}/media/vid_a/*`))
  const other = cookiesOver(statement(`${site}/media/vid_b/*`))
  const line = header(good)
  assert.equal(check({ url: file, cookies: `${line}; ${line}`, address: undefined, now }), undefined)
  for (const name of [COOKIES.policy, COOKIES.signature]) {
    assert.equal(check({ url: file, cookies: `${line}; ${name}=${other[name]}`, address: undefined, now }), 'AccessDenied')
    assert.equal(check({ url: file, cookies: `${name}=${other[name]}; ${line}`, address: undefined, now }), 'AccessDenied')
  }
  assert.equal(check({ url: file, cookies: `${line}; ${COOKIES.key}=${rsa.id}`, address: undefined, now }), 'AccessDenied')
  assert.equal(ask(`${file}?Key-Pair-Id=a&Key-Pair-Id=b`), 'AccessDenied')
})

test('a star covers any run, a question mark one character, and a pattern must cover the whole URL', () => {
  const opens = (resource: string | undefined, url = file): boolean => ask(url, cookiesOver(statement(resource))) === undefined
  assert.ok(opens('*') && opens(`${site}/*`) && opens(`${site}/media/*/master.m3u8`) && opens(`${site}/media/vid_?/master.m3u?`) && opens(file))
  assert.ok(opens(`http*://localhost:4600/media/vid_a/*`) && opens('http*://*/media/vid_?/*'), 'any scheme')
  assert.equal(opens('https*://localhost:4600/*'), false)
  assert.ok(opens(`${file}?*`, `${file}?v=2`), 'a question mark covers itself too')
  assert.equal(opens(file, `${file}?v=2`), false, 'the page’s own query belongs to the URL')
  assert.ok(opens(undefined), 'without a Resource it opens whatever the key opens')
  for (const resource of [`${site}/media/vid_a`, `${site}/media/vid_a/`, `${site}/media/vid_?`, `${site}/media/vid_??/*`, `${site}/MEDIA/vid_a/*`, `${file}?*`])
    assert.equal(opens(resource), false, resource)
  assert.ok(opens(`${site}/media/vid_a/%C3%A9.vtt`, `${site}/media/vid_a/%C3%A9.vtt`), 'as sent, percent-encoded')
  assert.equal(opens(`${site}/media/vid_a/é.vtt`, `${site}/media/vid_a/%C3%A9.vtt`), false)
  assert.equal(opens(`${site}/media/vid_a/*`, `${site}/media/%76id_a/master.m3u8`), false, 'never decoded before it is matched')
  assert.equal(opens(`${site}/${'*a'.repeat(400)}`, `${site}/${'a'.repeat(4000)}b`), false, 'and no pattern takes for ever')
})

test('a signed URL says all there is to say, whatever cookies come with it', () => {
  for (const key of [rsa, ec]) {
    const signer = { keyPairId: key.id, privateKey: key.privateKey.reveal(), algorithm: 'SHA256' as const }
    const strangers = cookiesOver(statement('*'), stranger)
    assert.equal(ask(file, strangers), 'InvalidKey')
    const urls = [
      getSignedUrl({ ...signer, url: file, dateLessThan: soon }),
      getSignedUrl({ ...signer, url: `${file}?size=large`, policy: policyText(`${site}/media/vid_a/*`, epoch + 600) }),
    ]
    for (const url of urls) {
      assert.equal(ask(url, strangers), undefined)
      for (const name of ['Signature', 'Key-Pair-Id', 'Hash-Algorithm', url.includes('Policy=') ? 'Policy' : 'Expires']) {
        const cut = url.replace(new RegExp(`([?&])${name}=[^&]*&?`), '$1')
        assert.notEqual(cut, url, name)
        assert.notEqual(ask(cut, cookiesOver(statement(`${site}/media/vid_a/*`), key)), undefined, `without ${name}`)
      }
    }
    const exact = getSignedUrl({ ...signer, url: `${file}?size=large`, policy: policyText(file, epoch + 600) })
    assert.equal(ask(exact), 'AccessDenied', 'a policy for the URL without its query')
  }
})

test('addresses are signed, matched and compared as they are sent: percent-encoded', () => {
  for (const key of [rsa, ec]) {
    const signer = { keyPairId: key.id, privateKey: key.privateKey.reveal(), algorithm: 'SHA256' as const }
    const name = `${site}/media/vid_a/captions/%C3%A9t%C3%A9%20%5B1%5D.vtt`
    const canned = getSignedUrl({ ...signer, url: name, dateLessThan: soon })
    assert.equal(ask(canned), undefined)
    for (const other of [canned.replace('%C3%A9', '%c3%a9'), canned.replace('%20', '+'), canned.replace('%5B1%5D', '[1]'), canned.replace('%C3%A9', 'é')]) {
      assert.notEqual(other, canned)
      assert.equal(ask(other), 'AccessDenied', other)
    }
    const grant = cookiesOver(statement(`${site}/media/vid_a/captions/*`), key)
    assert.equal(ask(name, grant), undefined)
    assert.equal(ask(`${site}/media/vid_a%2Fcaptions/en.vtt`, grant), 'AccessDenied')
    assert.equal(ask(`${site}/media/vid_a/captions/%2e%2e/720p/1.m4s`, grant), undefined, 'a pattern is matched with the text; the store knows no such name')
  }
})

test('nothing of a grant is decoded before it is read', () => {
  const good = cookiesOver(statement(`${site}/media/vid_a/*`))
  const encoded = (text: string): string => `%${text.charCodeAt(0).toString(16)}${text.slice(1)}`
  assert.equal(ask(file, { ...good, [COOKIES.key]: encoded(good[COOKIES.key] ?? '') }), 'InvalidKey')
  assert.equal(ask(file, { ...good, [COOKIES.policy]: encoded(good[COOKIES.policy] ?? '') }), 'MalformedPolicy')
  assert.equal(ask(file, { ...good, [COOKIES.signature]: encoded(good[COOKIES.signature] ?? '') }), 'AccessDenied')
  assert.equal(ask(file, { ...good, [COOKIES.hash]: '%53HA256' }), 'AccessDenied')
  assert.equal(ask(file, { ...good, [COOKIES.policy]: `"${good[COOKIES.policy]}"` }), 'MalformedPolicy', 'nor is a quoted value unquoted')
  assert.equal(ask(`${file}?Key%2DPair%2DId=x`, good), undefined, 'a name that is spelled otherwise is the page’s own')
})

test('a policy may begin later and may name an address', () => {
  const from = (seconds: number) => cookiesOver(statement(`${site}/*`, { DateGreaterThan: { 'AWS:EpochTime': epoch + seconds } }))
  assert.equal(ask(file, from(-60)), undefined)
  assert.equal(ask(file, from(60)), 'AccessDenied')
  assert.equal(ask(file, from(60), { at: new Date(now.getTime() + 120_000) }), undefined)
  const at = (source: string) => cookiesOver(statement(`${site}/*`, { IpAddress: { 'AWS:SourceIp': source } }))
  const rows: [string, string, string | undefined][] = [
    ['203.0.113.7', '203.0.113.7', undefined],
    ['203.0.113.7', '203.0.113.8', 'AccessDenied'],
    ['203.0.113.0/24', '203.0.113.8', undefined],
    ['203.0.113.0/24', '::ffff:203.0.113.8', undefined],
    ['203.0.113.0/24', '203.0.114.8', 'AccessDenied'],
    ['0.0.0.0/0', '198.51.100.1', undefined],
    ['0.0.0.0/0', '2001:db8::1', 'AccessDenied'],
  ]
  for (const [source, address, expected] of rows) assert.equal(ask(file, at(source), { address }), expected, `${address} under ${source}`)
})
