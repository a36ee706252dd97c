import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { behaviourIn, behavioursOf, matchesPattern } from './behaviours.ts'

const url = 'https://school.example'
const BEHAVIOURS = behavioursOf({ url, mediaUrl: url, connects: [] })

test('each address goes to who answers it', () => {
  const rows: [path: string, origin: string, isSigned: boolean][] = [
    ['/media/vid_a/master.m3u8', 'media', true],
    ['/media/', 'media', true],
    ['/files/fil_a/content', 'files', true],
    ['/files', 'site', false],
    ['/catalogue/index.json', 'catalogue', false],
    ['/courses/chess', 'catalogue', false],
    ['/catalogue/offers.json', 'catalogue', false],
    ['/offers/off_00000001', 'catalogue', false],
    ['/offers', 'site', false],
    ['/legal/imprint', 'catalogue', false],
    ['/learn/chess/les_1', 'catalogue', false],
    ['/learning', 'site', false],
    ['/assets/app.js', 'site', false],
    ['/api/health', 'app', false],
    ['/auth/.well-known/openid-configuration', 'app', false],
    ['/hooks/stripe', 'app', false],
    ['/uploads/sources/vid_a', 'app', false],
    ['/sandbox', 'app', false],
    ['/sandbox/mail', 'app', false],
    ['/', 'catalogue', false],
    ['/sitemap.xml', 'catalogue', false],
    ['/robots.txt', 'catalogue', false],
    ['/manifest.webmanifest', 'catalogue', false],
    ['/courses', 'site', false],
    ['/apiary', 'site', false],
    ['/sandboxes', 'site', false],
    ['/Media/vid_a/master.m3u8', 'site', false],
  ]
  for (const [path, origin, isSigned] of rows) {
    const found = behaviourIn(BEHAVIOURS, path)
    assert.deepEqual([found.origin, found.isSigned], [origin, isSigned], path)
  }
})

test('only media and files are served from behind the lock, and all of them are', () => {
  for (const { origin, isSigned, methods } of BEHAVIOURS) {
    assert.equal(isSigned, origin === 'media' || origin === 'files')
    assert.equal(methods, origin === 'app' ? 'all' : 'read')
  }
})

test('media on a host of their own may be read by the school’s pages with their cookies, and by nobody else’s', () => {
  const mediaUrl = 'https://media.school.example'
  const apart = behavioursOf({ url, mediaUrl, connects: ['https://sign-in.example'] })
  for (const row of apart) {
    assert.equal(row.readableFrom, row.isSigned ? url : undefined, row.pattern)
    if (row.isSigned) assert.equal(row.headers['cross-origin-resource-policy'], 'same-site')
  }
  const policy = behaviourIn(apart, '/').headers['content-security-policy'] ?? ''
  for (const rule of [
    `media-src 'self' blob: ${mediaUrl}`,
    `connect-src 'self' ${mediaUrl} https://sign-in.example`,
    `img-src 'self' data: blob: ${mediaUrl}`,
  ]) {
    assert.ok(policy.split('; ').includes(rule), policy)
  }
  const together = behaviourIn(BEHAVIOURS, '/').headers['content-security-policy'] ?? ''
  assert.ok(together.split('; ').includes("connect-src 'self'"), together)
  assert.ok(BEHAVIOURS.every(({ readableFrom }) => readableFrom === undefined))
})

test('every pattern is one a CloudFront distribution takes', () => {
  const patterns = BEHAVIOURS.map(({ pattern }) => pattern)
  assert.equal(new Set(patterns).size, patterns.length)
  assert.equal(patterns.at(-1), '*', 'the default comes last')
  // At most 25 behaviours besides the default, each of at most 255 of these characters.
  assert.ok(patterns.length <= 26)
  for (const pattern of patterns) assert.match(pattern, /^[A-Za-z0-9_.*$/~"'@:+&-]{1,255}$/)
})

test('wildcards match as their definition says, whatever the strings', () => {
  const meaning = (pattern: string, text: string): boolean => {
    if (pattern === '') return text === ''
    const [first, rest] = [pattern[0], pattern.slice(1)]
    if (first === '*') return meaning(rest, text) || (text !== '' && meaning(pattern, text.slice(1)))
    return text !== '' && (first === '?' || first === text[0]) && meaning(rest, text.slice(1))
  }
  const some = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 9 })
  fc.assert(
    fc.property(some, some, (pattern, text) => matchesPattern(pattern, text) === meaning(pattern, text)),
    { seed: 4600, numRuns: 3000 },
  )
})
