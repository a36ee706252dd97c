import assert from 'node:assert/strict'
import { createVerify } from 'node:crypto'
import { describe, test } from 'node:test'
import { getSignedCookies, getSignedUrl } from '@aws-sdk/cloudfront-signer'
import fc from 'fast-check'
import { ec, rsa } from '#core/delivery/keys.fixture.ts'
import { COOKIES, fromEdgeBase64, type HashAlgorithm, mediaResource, policyText, signedCookies, signText, toEdgeBase64 } from '#core/delivery/signer.ts'
import type { SigningKey } from '#ports/keys.ts'
import { cloudFront } from './cloudfront.ts'

const site = 'http://localhost:4600'
const file = `${site}/media/vid_a/1.m4s`
const now = new Date('2026-11-22T10:00:00Z')
const expires = now.getTime() / 1000 + 600
const dateLessThan = new Date(expires * 1000).toISOString()
const check = cloudFront([rsa, ec])

/** Legal, and each a spelling that some signer or verifier has stumbled over: what is encoded stays so, what is not is left alone. */
const ADDRESSES = [
  `${site}/media/vid_a/master.m3u8`,
  `${site}/media/vid_a/${'deep/'.repeat(40)}1.m4s`,
  `${site}/media/vid_a/%C3%9Cbung%20%E2%84%96%201.vtt`,
  `${site}/media/vid_a/%F0%9F%8E%AC.jpg`,
  `${site}/media/vid_a/a'b(c)!*~.vtt`,
  `${site}/media/vid_a/a%2Bb%26c%3Dd%3B%25.vtt`,
  `${site}/media/vid_a/%2E%2E%2Fvid_b/1.m4s`,
  `${site}/media/vid_a/..%2f..%2F1.m4s`,
  `${site}/media/vid_a/$-_.+!*'(),.ts`,
  `${site}/media/vid_a/1.m4s?v=2`,
  `${site}/media/vid_a/1.m4s?name=a%20b&x=1%2B1&empty=&y=a+b`,
  `${site}/media/vid_a/1.m4s?url=http%3A%2F%2Fother%2F%3Fa%3Db`,
  `${site}/media/vid_a/1.m4s?policy=own&signature=own&expires=own`,
  `${site}/`,
  'https://learn.example.org/media/vid_a/*',
  'https://xn--bcher-kva.example:8443/media/vid_a/1.m4s',
  'http://[::1]:4600/media/vid_a/1.m4s',
  'http://203.0.113.7/media/vid_a/1.m4s',
]

const theirsBy = (key: SigningKey, algorithm: HashAlgorithm) => ({ keyPairId: key.id, privateKey: key.privateKey.reveal(), algorithm })

/** The cookies our signer's parts make for any policy; canned when an end is given. */
const ours = (key: SigningKey, hash: HashAlgorithm, policy: string, end?: number): Record<string, string | number> => ({
  ...(end === undefined ? { [COOKIES.policy]: toEdgeBase64(policy) } : { [COOKIES.expires]: end }),
  [COOKIES.signature]: signText(policy, key.privateKey, hash),
  [COOKIES.key]: key.id,
  ...(hash === 'SHA256' && { [COOKIES.hash]: 'SHA256' }),
})

const withCookies = (url: string, cookies: object, at = now, address = '127.0.0.1') =>
  check({
    url,
    cookies: Object.entries(cookies)
      .map((pair) => pair.join('='))
      .join('; '),
    address,
    now: at,
  })
const asUrl = (url: string, at = now) => check({ url, cookies: undefined, address: '127.0.0.1', now: at })
/** The same address at another host. */
const elsewhere = (url: string): string => url.replace('://', '://other.')
const later = new Date(expires * 1000 + 1000)

/** A verifier made of AWS's description alone: none of ours takes part in it. */
const holdsByTheBook = (policy: string, { publicKey }: SigningKey, hash: HashAlgorithm, signature: unknown): boolean => {
  const base64 = String(signature).replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/')
  return createVerify(hash).update(policy, 'utf8').verify(publicKey, Buffer.from(base64, 'base64'))
}

/** RSA signatures are one for each text. An EC signature differs each time: both must hold over the same text. */
const agree = (a: Record<string, unknown>, b: Record<string, unknown>, key: SigningKey, holds: (signature: unknown) => boolean): void => {
  const signature = key === rsa ? {} : { [COOKIES.signature]: 'holds' }
  for (const each of [a, b]) assert.ok(holds(each[COOKIES.signature]))
  assert.deepEqual({ ...a, ...signature }, { ...b, ...signature })
}

const parametersOf = (signed: string): Record<string, string> => Object.fromEntries(new URL(signed).searchParams)

for (const [kind, key] of [
  ['RSA', rsa],
  ['EC', ec],
] as const) {
  for (const hash of ['SHA1', 'SHA256'] as const) {
    const theirs = theirsBy(key, hash)
    const byTheBook = (policy: string) => (signature: unknown) => holdsByTheBook(policy, key, hash, signature)

    describe(`our signer and AWS’s own, ${kind} with ${hash}`, () => {
      test('make the same canned cookies for every awkward address, and the edge opens it to both until they end', () => {
        for (const url of ADDRESSES) {
          const policy = policyText(url, expires)
          const pair = [ours(key, hash, policy, expires), { ...getSignedCookies({ ...theirs, url, dateLessThan }) }] as const
          agree(pair[0], pair[1], key, byTheBook(policy))
          for (const cookies of pair) {
            assert.equal(withCookies(url, cookies), undefined, url)
            assert.equal(withCookies(url, cookies, later), 'AccessDenied', url)
            assert.equal(withCookies(elsewhere(url), cookies), 'AccessDenied', url)
            assert.equal(withCookies(`${url}x`, cookies), 'AccessDenied', url)
          }
        }
      })

      test('make the same custom cookies', () => {
        for (const resource of ['*', `${site}/media/*/1.m?s`, ...ADDRESSES.map((url) => `${url}*`)]) {
          const policy = policyText(resource, expires)
          const pair = [ours(key, hash, policy), { ...getSignedCookies({ ...theirs, policy }) }] as const
          agree(pair[0], pair[1], key, byTheBook(policy))
          const url = resource.replaceAll('*', resource === '*' ? file : 'x').replace('?', '4')
          for (const cookies of pair) {
            assert.equal(withCookies(url, cookies), undefined, url)
            assert.equal(withCookies(url, cookies, later), 'AccessDenied', url)
            assert.equal(withCookies(elsewhere(url), cookies) === undefined, resource === '*', url)
          }
        }
      })

      test('make the same signed URLs, canned and custom, and the edge opens them until they end', () => {
        for (const url of ADDRESSES) {
          const canned = getSignedUrl({ ...theirs, url, dateLessThan })
          // Their signer spells the address in its own way before it signs: that spelling is the one requested.
          const spelled = canned.slice(0, canned.search(/[?&]Expires=/))
          const policy = policyText(spelled, expires)
          const wide = policyText(`${spelled.replace(/\?.*/, '')}*`, expires)
          const custom = getSignedUrl({ ...theirs, url, policy: wide })
          for (const [signed, text] of [
            [canned, policy],
            [custom, wide],
          ] as const) {
            const { Signature, Policy, 'Key-Pair-Id': id, 'Hash-Algorithm': named } = parametersOf(signed)
            assert.deepEqual([id, named], [key.id, hash === 'SHA256' ? 'SHA256' : undefined])
            if (Policy !== undefined) assert.equal(Policy, toEdgeBase64(text))
            assert.ok(byTheBook(text)(Signature), signed)
            const own = signText(text, key.privateKey, hash)
            if (key === rsa) assert.equal(own, Signature)
            const reSigned = signed.replace(`Signature=${Signature}`, `Signature=${own}`)
            for (const each of [signed, reSigned]) {
              assert.equal(asUrl(each), undefined, each)
              assert.equal(asUrl(each, later), 'AccessDenied', each)
              assert.equal(asUrl(elsewhere(each)), 'AccessDenied', each)
            }
          }
        }
      })

      test('read each other’s conditions: a beginning and an address', () => {
        const cookies = getSignedCookies({ ...theirs, url: file, dateLessThan, dateGreaterThan: now.toISOString(), ipAddress: '203.0.113.0/24' })
        const shortly = new Date(now.getTime() + 1000)
        assert.equal(withCookies(file, cookies, shortly, '203.0.113.9'), undefined)
        assert.equal(withCookies(file, cookies, new Date(now.getTime() - 1000), '203.0.113.9'), 'AccessDenied')
        assert.equal(withCookies(file, cookies, shortly, '198.51.100.9'), 'AccessDenied')
      })
    })
  }
}

test('whatever the address, both signers sign the same text, and the edge lets both in', () => {
  const piece = fc.string({ unit: fc.constantFrom(..."aZ9-_.~!$'()*+,", '%20', '%C3%A9', '%2F', '%25'), minLength: 1, maxLength: 12 })
  const address = fc
    .tuple(fc.array(piece, { minLength: 1, maxLength: 5 }), fc.option(piece))
    .map(([path, query]) => `${site}/media/${path.join('/')}${query === null ? '' : `?q=${query}`}`)
  fc.assert(
    fc.property(address, (url) => {
      const cookies = ours(rsa, 'SHA256', policyText(url, expires), expires)
      assert.deepEqual(cookies, { ...getSignedCookies({ ...theirsBy(rsa, 'SHA256'), url, dateLessThan }) })
      assert.equal(withCookies(url, cookies), undefined)
      assert.equal(withCookies(`${url}/`, cookies), 'AccessDenied')
    }),
    { seed: 4600, numRuns: 100 },
  )
})

test('the cookies a learner is given are the very ones AWS’s own signer makes of the same policy', () => {
  const resource = mediaResource(site, 'vid_a')
  const policy = policyText(resource, expires)
  for (const key of [rsa, ec]) {
    const pair = [
      Object.fromEntries(signedCookies({ resource, expiresEpochSeconds: expires, key })),
      { ...getSignedCookies({ ...theirsBy(key, 'SHA256'), policy }) },
    ] as const
    agree(pair[0], pair[1], key, (signature) => holdsByTheBook(policy, key, 'SHA256', signature))
    for (const cookies of pair) assert.equal(withCookies(`${site}/media/vid_a/master.m3u8`, cookies), undefined)
    assert.equal(new TextDecoder().decode(fromEdgeBase64(String(pair[1][COOKIES.policy]))), policy)
  }
})
