import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ec, rsa, stranger } from '#core/delivery/keys.fixture.ts'
import { COOKIES, fromEdgeBase64, type HashAlgorithm, policyText, signText, toEdgeBase64 } from '#core/delivery/signer.ts'
import type { SigningKey } from '#ports/keys.ts'
import { cloudFront } from './cloudfront.ts'
import { bitFlipped, changed, forged, oneOf, type Random, respelled, seeded, twinOf } from './forgery.fixture.ts'

// CP-5 and CP-6 of the attacks: forged, old, mixed and malformed grants.
const ROUNDS = 800
const MOST_CPU_SECONDS = 10

const site = 'http://localhost:4600'
const file = `${site}/media/vid_a/720p/1.m4s`
const now = new Date('2026-11-22T10:00:00Z')
const epoch = now.getTime() / 1000
const check = cloudFront([rsa, ec])

type Values = Record<string, string>
type Pairs = (readonly [name: string, value: string])[]

const signatures = new Map<string, string>()
/** Signed once for each text: signing, not checking, is what would take the time here. */
const signatureOf = (policy: string, key: SigningKey, hash: HashAlgorithm): string => {
  const name = `${key.id} ${hash} ${policy}`
  const signature = signatures.get(name) ?? signText(policy, key.privateKey, hash)
  signatures.set(name, signature)
  return signature
}
const over = (policy: string, key: SigningKey, hash: HashAlgorithm = 'SHA256'): Values => ({
  [COOKIES.policy]: toEdgeBase64(policy),
  [COOKIES.signature]: signatureOf(policy, key, hash),
  [COOKIES.key]: key.id,
  ...(hash === 'SHA256' && { [COOKIES.hash]: hash }),
})
const canned = (url: string, expires: number, key: SigningKey, hash: HashAlgorithm = 'SHA256'): Values => {
  const { [COOKIES.policy]: _custom, ...rest } = over(policyText(url, expires), key, hash)
  return { [COOKIES.expires]: String(expires), ...rest }
}

const KINDS = [rsa, ec].flatMap((key) => (['SHA1', 'SHA256'] as const).map((hash) => ({ key, hash })))
/** Honest grants, all of which open `file`. */
const CUSTOM = KINDS.map(({ key, hash }) => over(policyText(`${site}/media/vid_a/*`, epoch + 600), key, hash))
const CANNED = KINDS.map(({ key, hash }) => canned(file, epoch + 600, key, hash))
const HONEST = [...CUSTOM, ...CANNED]
/** As honest, each for something else: another video, a sibling, another object, another time. */
const OTHERS = KINDS.flatMap(({ key, hash }) => [
  over(policyText(`${site}/media/vid_b/*`, epoch + 600), key, hash),
  over(policyText(`${site}/media/vid_a1/*`, epoch + 600), key, hash),
  over(policyText(`${site}/media/vid_a/*`, epoch - 1), key, hash),
  canned(`${site}/media/vid_a/720p/2.m4s`, epoch + 600, key, hash),
  canned(file, epoch - 1, key, hash),
])

const QUERY: Values = {
  [COOKIES.policy]: 'Policy',
  [COOKIES.expires]: 'Expires',
  [COOKIES.signature]: 'Signature',
  [COOKIES.key]: 'Key-Pair-Id',
  [COOKIES.hash]: 'Hash-Algorithm',
}
const headerOf = (pairs: Pairs): string => pairs.map(([name, value]) => `${name}=${value}`).join('; ')
const queryOf = (pairs: Pairs): string => pairs.map(([name, value]) => `${QUERY[name]}=${value}`).join('&')

type Request = { url: string; cookies: string | undefined }
const byCookies = (pairs: Pairs): Request => ({ url: file, cookies: headerOf(pairs) })
const byUrl = (pairs: Pairs): Request => ({ url: `${file}?${queryOf(pairs)}`, cookies: undefined })
const verdict = ({ url, cookies }: Request): string => check({ url, cookies, address: '127.0.0.1', now }) ?? 'opened'

const replaced = (good: Values, name: string, value: string): Pairs => Object.entries(good).map(([each, old]) => [each, each === name ? value : old])
const encodedIn = (good: Values): string[] => [COOKIES.policy, COOKIES.signature].filter((name) => name in good)

const HASHES = [
  'SHA1',
  'SHA256',
  'sha1',
  'sha256',
  'SHA-1',
  'SHA-256',
  'SHA512',
  'SHA384',
  'MD5',
  'none',
  '',
  '1',
  'SHA256,SHA1',
  'RSA-SHA256',
  'SHA2566',
  'undefined',
  '__proto__',
]
const KEY_IDS = ['K0', '__proto__', 'constructor', 'k1rsa', 'K1RSA,K2EC', 'K1RSA%00', '*', '?', 'undefined', stranger.id, '0', 'K1RS\u0410']

/** Ends that are no whole seconds, for a canned grant: what stands in the cookie is also what was signed, where that can be. */
const anEnd = (random: Random): string => {
  const seconds = epoch + 1 + random(4)
  return oneOf(random, [
    String(seconds * 1000),
    `${seconds}.5`,
    `0${seconds}`,
    `+${seconds}`,
    `-${seconds}`,
    `${seconds}e3`,
    `0x${seconds.toString(16)}`,
    `"${seconds}"`,
    `%22${seconds}%22`,
    `${seconds},`,
    new Date(seconds * 1000).toISOString(),
    'NaN',
    'Infinity',
    `${seconds}\u0660`,
    String(seconds * 1e9),
  ])
}

/** Undefined where chance has led back to an honest grant. */
type Attack = (good: Values, random: Random) => Request | undefined
const ATTACKS: Record<string, Attack> = {
  'one bit of the policy or the signature flipped': (good, random) => {
    const name = oneOf(random, encodedIn(good))
    return byCookies(replaced(good, name, bitFlipped(good[name] ?? '', random((fromEdgeBase64(good[name] ?? '')?.length ?? 0) * 8))))
  },
  'one character of any cookie changed, left out or put in': (good, random) => {
    const name = oneOf(random, Object.keys(good))
    return byCookies(replaced(good, name, changed(good[name] ?? '', random)))
  },
  'one character of a signed URL’s parameters changed, left out or put in': (good, random) => {
    const name = oneOf(random, Object.keys(good))
    return byUrl(replaced(good, name, changed(good[name] ?? '', random)))
  },
  'fields of two valid grants mixed': (good, random) => {
    const other = oneOf(random, OTHERS)
    const names = [...new Set([...Object.keys(good), ...Object.keys(other)])]
    const mixed: Pairs = names.flatMap((name) => {
      const value = (random(2) ? good : other)[name]
      return value === undefined ? [] : [[name, value] as const]
    })
    if (mixed.length === Object.keys(good).length && mixed.every(([name, value]) => good[name] === value)) return undefined
    return random(2) ? byCookies(mixed) : byUrl(mixed)
  },
  'the cookies cut short at some byte': (good, random) => {
    const line = headerOf(Object.entries(good))
    return { url: file, cookies: line.slice(0, random(line.length)) }
  },
  'one field cut short': (good, random) => {
    const name = oneOf(random, Object.keys(good))
    const value = good[name] ?? ''
    return byCookies(replaced(good, name, value.slice(0, random(value.length))))
  },
  'one field left out': (good, random) => {
    const name = oneOf(random, Object.keys(good))
    const rest = Object.entries(good).filter(([each]) => each !== name)
    return random(2) ? byCookies(rest) : byUrl(rest)
  },
  'base64 spelled in another way': (good, random) => {
    const name = oneOf(random, encodedIn(good))
    const pairs = replaced(good, name, respelled(good[name] ?? '', random))
    return random(2) ? byCookies(pairs) : byUrl(pairs)
  },
  'a field sent twice with two values': (good, random) => {
    const name = oneOf(random, Object.keys(good))
    const pairs: Pairs = Object.entries(good)
    const second = random(2) ? changed(good[name] ?? '', random) : (oneOf(random, OTHERS)[name] ?? 'x')
    // Twice the same is honest: browsers send both cookies of nested paths.
    if (second === good[name]) return undefined
    pairs.splice(random(pairs.length + 1), 0, [name, second])
    return random(2) ? byCookies(pairs) : byUrl(pairs)
  },
  'a canned grant and a custom one at once': (good, random) => {
    const added: Pairs[number] =
      COOKIES.expires in good ? [COOKIES.policy, oneOf(random, CUSTOM)[COOKIES.policy] ?? ''] : [COOKIES.expires, String(epoch + 1 + random(900))]
    const pairs: Pairs = Object.entries(good)
    pairs.splice(random(pairs.length + 1), 0, added)
    return random(2) ? byCookies(pairs) : byUrl(pairs)
  },
  'a canned grant turned into a custom one, and back': (good, random) => {
    const isCanned = COOKIES.expires in good
    const value: Pairs[number] = isCanned
      ? [COOKIES.policy, oneOf(random, [...CUSTOM, ...OTHERS.slice(0, 3)])[COOKIES.policy] ?? '']
      : [COOKIES.expires, String(epoch + 600 + random(2))]
    const kept = Object.entries(good).filter(([name]) => name !== COOKIES.policy && name !== COOKIES.expires)
    return byCookies([value, ...kept])
  },
  'a key nobody knows, or another’s': (good, random) => {
    const other = good[COOKIES.key] === rsa.id ? ec.id : rsa.id
    return byCookies(replaced(good, COOKIES.key, oneOf(random, [...KEY_IDS, other, `K${random(1_000_000)}`])))
  },
  'another hash named': (good, random) => {
    const honest = good[COOKIES.hash] ?? 'SHA1'
    const { [COOKIES.hash]: _named, ...rest } = good
    const name = oneOf(
      random,
      HASHES.filter((each) => each !== honest),
    )
    const pairs: Pairs = honest === 'SHA256' && random(4) === 0 ? Object.entries(rest) : [...Object.entries(rest), [COOKIES.hash, name]]
    return random(2) ? byCookies(pairs) : byUrl(pairs)
  },
  'an end in milliseconds, as a string or in another notation': (good, random) => {
    const key = good[COOKIES.key] === rsa.id ? rsa : ec
    const end = anEnd(random)
    const text = `{"Statement":[{"Resource":"${file}","Condition":{"DateLessThan":{"AWS:EpochTime":${random(2) ? end : JSON.stringify(end)}}}}]}`
    const { [COOKIES.policy]: policy = '', ...rest } = over(text, key)
    return byCookies(Object.entries(COOKIES.expires in good ? { ...rest, [COOKIES.expires]: end } : { ...rest, [COOKIES.policy]: policy }))
  },
  'a wider or longer policy under an honest signature': (good, random) => {
    const wider = [
      policyText('*', epoch + 600),
      policyText(`${site}/*`, epoch + 600),
      policyText(file, epoch + 601 + random(1e6)),
      policyText(`${site}/media/vid_a*`, epoch + 600),
    ]
    const spaced = JSON.stringify(JSON.parse(policyText(`${site}/media/vid_a/*`, epoch + 600)), null, 1 + random(4))
    const { [COOKIES.expires]: _end, ...rest } = good
    return byCookies(Object.entries({ ...rest, [COOKIES.policy]: toEdgeBase64(oneOf(random, [...wider, spaced])) }))
  },
  'half of a grant in the query and half in cookies': (good, random) => {
    const pairs = Object.entries(good)
    const inQuery = pairs.filter(() => random(2) === 0)
    const some = inQuery.length === 0 || inQuery.length === pairs.length ? pairs.slice(0, 1) : inQuery
    return { url: `${file}?${queryOf(some)}`, cookies: headerOf(random(2) ? pairs : pairs.filter((pair) => !some.includes(pair))) }
  },
  'a signature spelled in another way, or of another scheme': (good, random) => {
    const text = COOKIES.expires in good ? policyText(file, epoch + 600) : new TextDecoder().decode(fromEdgeBase64(good[COOKIES.policy] ?? ''))
    return byCookies(replaced(good, COOKIES.signature, forged(good[COOKIES.signature] ?? '', text, { random, isRsa: good[COOKIES.key] === rsa.id })))
  },
}

describe('the edge lets no altered grant in', () => {
  const startedAt = process.cpuUsage()

  for (const [name, attack] of Object.entries(ATTACKS)) {
    test(`${name}: ${ROUNDS} tried, none opens`, () => {
      const random = seeded(4600)
      const honest = new Set<string>()
      for (const good of HONEST) {
        const requests = [byCookies(Object.entries(good)), byUrl(Object.entries(good))]
        for (const request of requests) {
          assert.equal(verdict(request), 'opened', 'the honest one opens')
          honest.add(JSON.stringify(request))
        }
      }
      const opened: Request[] = []
      let tried = 0
      for (let turn = 0; tried < ROUNDS && turn < 4 * ROUNDS; turn += 1) {
        const request = attack(HONEST[turn % HONEST.length] ?? {}, random)
        if (!request || honest.has(JSON.stringify(request))) continue
        tried += 1
        if (verdict(request) === 'opened') opened.push(request)
      }
      assert.deepEqual(opened, [])
      assert.equal(tried, ROUNDS)
    })
  }

  test('every single bit of a policy and of a signature counts', () => {
    for (const good of CUSTOM) {
      for (const name of [COOKIES.policy, COOKIES.signature]) {
        const text = good[name] ?? ''
        const bits = (fromEdgeBase64(text)?.length ?? 0) * 8
        assert.ok(bits > 500)
        for (let bit = 0; bit < bits; bit += 1)
          assert.notEqual(verdict(byCookies(replaced(good, name, bitFlipped(text, bit)))), 'opened', `${name}, bit ${bit}`)
      }
    }
  })

  test('that was more than 10,000 of them, in seconds', () => {
    assert.ok(ROUNDS * Object.keys(ATTACKS).length >= 10_000)
    const { user, system } = process.cpuUsage(startedAt)
    assert.ok(user + system <= MOST_CPU_SECONDS * 1e6, `${(user + system) / 1e6} s of CPU`)
  })
})

test('the twin of an ECDSA signature opens what the signature opens, for as long, and nothing else', () => {
  const ofEc = CUSTOM.filter((good) => good[COOKIES.key] === ec.id)
  assert.equal(ofEc.length, 2)
  for (const good of ofEc) {
    const twin = Object.entries({ ...good, [COOKIES.signature]: twinOf(good[COOKIES.signature] ?? '') })
    assert.notDeepEqual(twin, Object.entries(good))
    assert.equal(verdict(byCookies(twin)), 'opened')
    assert.equal(verdict({ ...byCookies(twin), url: `${site}/media/vid_b/720p/1.m4s` }), 'AccessDenied')
    const at = new Date((epoch + 601) * 1000)
    assert.equal(check({ ...byCookies(twin), address: undefined, now: at }), 'AccessDenied')
  }
})
