import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { describe, it } from 'node:test'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { behaviourIn, behavioursOf } from '../../core/delivery/behaviours.ts'
import { rewriting } from '../edge/rewriting.ts'

const url = 'https://school.example'
const mediaUrl = 'https://media.school.example'
const BEHAVIOURS = behavioursOf({ url, mediaUrl, connects: [] })
const SECRET = 'forty-letters-that-only-the-proxy-knows!'
const made = (proxyDigest?: string): string => rewriting({ behaviours: BEHAVIOURS, mediaHost: 'media.school.example', hasDomain: true, proxyDigest })
const PROGRAM = made()
const GUARDED = made(createHash('sha256').update(SECRET).digest('hex'))

type Answer = { uri?: string; statusCode?: number }

/** The program as it is deployed, asked about one request; everything it uses is its own. */
const asked = (uri: string, host = 'school.example', { program = PROGRAM, shown = '' } = {}): Answer => {
  const event = {
    version: '1.0',
    context: { eventType: 'viewer-request' },
    request: { method: 'GET', uri, querystring: {}, headers: { host: { value: host }, ...(shown && { 'x-lectern-proxy': { value: shown } }) } },
  }
  // The last expression of the program and its call: an object with either of these fields.
  return runInNewContext(`${program}\nhandler(${JSON.stringify(event)})`, { require: createRequire(import.meta.url) }) as Answer
}
const keyOf = (uri: string): string | undefined => asked(uri).uri

describe('what the edge makes of an address', () => {
  it('is the app’s own page, where no file is meant', () => {
    for (const path of ['/courses', '/learning', '/signed-in', '/school/money']) assert.equal(keyOf(path), '/site/index.html', path)
  })

  it('is a file of the app', () => {
    assert.equal(keyOf('/assets/index-4f.js'), '/site/assets/index-4f.js')
    assert.equal(keyOf('/favicon.svg'), '/site/favicon.svg')
  })

  it('is a page that publishing has written', () => {
    assert.equal(keyOf('/courses/chess-for-two'), '/catalogue/pages/chess-for-two.html')
    assert.equal(keyOf('/offers/off_00000001'), '/catalogue/pages/off_00000001.html')
    assert.equal(keyOf('/legal/imprint'), '/catalogue/pages/legal/imprint.html')
    assert.equal(keyOf('/learn/chess/les_2'), '/catalogue/pages/learn/chess/les_2.html')
    assert.equal(keyOf('/learn/sch%C3%B6n/les_2'), '/site/index.html', 'no such page is written')
    assert.equal(keyOf('/'), '/catalogue/pages/_home.html')
    assert.equal(keyOf('/sitemap.xml'), '/catalogue/sitemap.xml')
    assert.equal(keyOf('/robots.txt'), '/catalogue/robots.txt')
    assert.equal(keyOf('/courses/chess/extra'), '/site/index.html', 'a page is one name')
  })

  it('stays as it is for the program, the catalogue and what is signed', () => {
    for (const path of ['/api/health', '/hooks/stripe', '/catalogue/index.json', '/media/vid_a/master.m3u8', '/files/fil_a/content']) {
      assert.equal(keyOf(path), path)
    }
  })

  it('is refused where no browser would send it', () => {
    for (const path of ['/courses/../secrets', '/a//b', '/courses/%2e%2e/x', '/x;y=1', '/a\\b', '/assets/..', '/ä', '/courses/a%00']) {
      assert.equal(asked(path).statusCode, 400, path)
    }
  })

  it('is nothing but media and files on the host of media', () => {
    for (const path of ['/', '/api/health', '/hooks/stripe', '/assets/app.js', '/catalogue/index.json']) {
      assert.equal(asked(path, 'media.school.example').statusCode, 404, path)
    }
    for (const path of ['/media/vid_a/master.m3u8', '/files/fil_a/content']) assert.equal(asked(path, 'media.school.example').uri, path)
  })

  it('is refused by the name of the distribution, once the school has its own', () => {
    for (const path of ['/', '/api/health', '/hooks/stripe', '/catalogue/index.json']) {
      for (const program of [PROGRAM, GUARDED]) assert.equal(asked(path, 'd111111abcdef8.cloudfront.net', { program, shown: SECRET }).statusCode, 403, path)
    }
    const trial = rewriting({ behaviours: BEHAVIOURS, mediaHost: undefined, hasDomain: false, proxyDigest: undefined })
    assert.equal(asked('/', 'd111111abcdef8.cloudfront.net', { program: trial }).uri, '/catalogue/pages/_home.html')
  })

  it('is refused past the proxy, where one stands in front; videos are nobody’s way round it', () => {
    for (const path of ['/', '/api/health', '/courses/chess', '/hooks/stripe']) {
      for (const shown of ['', 'guessed']) assert.equal(asked(path, 'school.example', { program: GUARDED, shown }).statusCode, 403, path)
      assert.ok(asked(path, 'school.example', { program: GUARDED, shown: SECRET }).uri, path)
      assert.equal(asked(path, 'media.school.example', { program: GUARDED }).statusCode, 404, path)
    }
    assert.ok(Buffer.byteLength(GUARDED) < 10_240)
  })

  it('never leaves the two places it may read, whatever is asked', () => {
    const piece = fc.constantFrom('/', 'courses', 'offers', 'api', 'media', '..', '.', '%2e', 'a', 'x.js', '*', '?', 'catalogue', 'site')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = `/${pieces.join('')}`
        const { uri, statusCode } = asked(path)
        const { origin, isSigned } = behaviourIn(BEHAVIOURS, path)
        if (isSigned || origin === 'app') return uri === path
        if (uri === undefined) return statusCode === 400
        if (origin === 'site') return uri.startsWith('/site/')
        return uri === path || uri === '/site/index.html' || /^\/catalogue\/pages\/[A-Za-z0-9._-]+\.html$/.test(uri)
      }),
      { seed: 4600, numRuns: 300 },
    )
  })

  it('is found by a program CloudFront takes: short, and of its own kind', () => {
    assert.ok(Buffer.byteLength(PROGRAM) < 10_240, `${Buffer.byteLength(PROGRAM)} bytes`)
    assert.doesNotMatch(PROGRAM, /=>|\bclass\b|\bimport\b|\brequire\b/)
    for (const { pattern } of BEHAVIOURS) assert.ok(!pattern.slice(0, -1).includes('*'), `${pattern} has a star before its end`)
  })
})
