import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { aServedHome } from '#homes/machine/served.fixture.ts'
import { aSignIn } from '#test/browser.ts'
import { asking, judge, type Page, URL_OF_SCHOOL } from './judge.ts'
import { directivesOf, observed } from './observatory.ts'
import { publish } from './published.ts'

const { home, port, webRoot, close } = await aServedHome({ LECTERN_URL: URL_OF_SCHOOL })
after(close)
const ask = asking(port)

let letter = ''
let shownAt: Awaited<ReturnType<typeof publish>> | undefined
before(async () => {
  for (const name of ['index.html', 'offline.html']) {
    const source = name === 'index.html' ? join('web', name) : join('web', 'public', name)
    await writeFile(join(webRoot, name), await readFile(join(import.meta.dirname, '..', '..', source)))
  }
  await home.world.mail.send({ id: 'one', to: 'ada@lectern.test', subject: 'Hello', text: 'Words.', html: '<p style="color:red">Words.</p>' })
  const told: unknown = JSON.parse((await ask('/sandbox/mail/api/messages?wait=10')).html)
  letter = Array.isArray(told) ? String(told[0]?.id) : ''
  shownAt = await publish({ home, port, webRoot })
})

const PAGES: Record<string, () => string> = {
  'the home page': () => '/',
  'a page of the app': () => '/learning',
  'a course that is not there': () => '/courses/none',
  'a published course': () => shownAt?.course ?? '',
  'a published offer': () => shownAt?.offer ?? '',
  'a legal page': () => shownAt?.legal ?? '',
  'what the browser shows without a line': () => '/offline.html',
  'the documents of the API': () => '/api/docs',
  'the list of stand-ins': () => '/sandbox',
  'the inbox': () => '/sandbox/mail',
  'a page with a letter': () => `/sandbox/mail/messages/${letter}`,
  'a letter': () => `/sandbox/mail/messages/${letter}/html`,
  'a letter that is not there': () => '/sandbox/mail/messages/0000000000000000',
  'the till': () => '/sandbox/stripe',
  'the till’s page that somebody pays at': () => shownAt?.checkout ?? '',
  'a till’s page that is not there': () => '/sandbox/stripe/none',
  'the repository': () => '/sandbox/github',
  'a pull request': () => shownAt?.pull ?? '',
  'the chatbot': () => '/sandbox/chatbot',
  'a page of the chatbot that is not there': () => '/sandbox/chatbot/none',
  'a sign-in that is over': () => '/auth/sign-in/none',
  'a sign-in that nobody asked for': () => '/auth/authorize?client_id=nobody',
  'a page of the sign-in that is not there': () => '/auth/nowhere',
  'the question whether to sign out': () => '/auth/sign-out',
  'what is said after signing out': () => '/auth/sign-out/success',
}

/** A stand-in may lead on once. */
const shown = async (path: string, init: RequestInit = {}): Promise<Page> => {
  const answer = await ask(path, init)
  const location = answer.headers.get('location')
  return location === null ? answer : ask(location, init)
}

for (const [name, path] of Object.entries(PAGES)) test(`${name} scores at least 130 at the Observatory`, async () => judge(name, await shown(path())))

test('what is judged above is what was published and ordered, and no page in its place', async () => {
  const { checkout = '', pull = '', ...published } = shownAt ?? {}
  for (const path of Object.values(published)) assert.match((await ask(path)).html, new RegExp(`<link rel="canonical" href="${URL_OF_SCHOOL}${path}">`))
  assert.match((await ask(checkout)).html, /name="number"/)
  assert.match((await ask(pull)).html, /A lesson about <em>loops<\/em>/)
})

test('the page people sign in at scores at least 130, and its cookies are for HTTPS, for its own pages and for no script', async () => {
  const asked = await ask(aSignIn(URL_OF_SCHOOL, { ui_locales: 'de' }).address.href)
  const cookie = asked.cookies.map((each) => each.split(';')[0]).join('; ')
  const page = await ask(asked.headers.get('location') ?? '', { headers: { cookie } })
  assert.equal(page.status, 200)
  const set = [...asked.cookies, ...page.cookies].filter((each) => !/expires=Thu, 01 Jan 1970/.test(each))
  for (const name of ['lectern_visit', 'lectern_language']) assert.ok(set.some((each) => each.startsWith(`__Secure-${name}=`)))
  for (const each of set) assert.match(each, /^__Secure-[^;]+;.*(?=.*httponly)(?=.*secure)(?=.*samesite=(lax|strict))/i)
  judge('the sign-in', { ...page, cookies: [...asked.cookies, ...page.cookies] })
})

test('pages of the app make markup by three named policies, and nobody else does', async () => {
  const policy = directivesOf((await ask('/')).headers.get('content-security-policy') ?? '')
  assert.deepEqual(policy.get('require-trusted-types-for'), ["'script'"])
  assert.deepEqual(policy.get('trusted-types'), ['vue', 'dompurify', 'lectern'])
  for (const path of ['/api/docs', '/auth/nowhere', '/sandbox', '/sandbox/mail', '/sandbox/chatbot', '/api/health']) {
    const { headers } = await shown(path)
    assert.deepEqual(directivesOf(headers.get('content-security-policy') ?? '').get('trusted-types'), ["'none'"], path)
  }
})

test('answers that are no page say no less: refusals, redirects, files, JSON and what the edge refuses', async () => {
  const answers = await Promise.all(
    [
      ...['/api/health', '/api/nowhere', '/api/openapi.json', '/media/vid_none0001/master.m3u8', '/files/fil_none0001/content', '/catalogue/none.json'],
      ...[
        '/hooks/stripe',
        '/hooks/none',
        '/uploads/none',
        '/a//b',
        '/nothing.txt',
        '/sitemap.xml',
        '/assets/none.js',
        '/auth/.well-known/openid-configuration',
        '/sandbox/none',
      ],
    ].map((path) => ask(path)),
  )
  for (const { url, headers } of answers) {
    assert.equal(headers.get('x-content-type-options'), 'nosniff', url)
    assert.match(headers.get('strict-transport-security') ?? '', /max-age=63072000/, url)
    const policy = directivesOf(headers.get('content-security-policy') ?? '')
    for (const directive of ['base-uri', 'frame-ancestors']) assert.deepEqual(policy.get(directive), ["'none'"], `${directive} of ${url}`)
    assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin', url)
    assert.doesNotMatch(headers.get('content-security-policy') ?? '', /unsafe-/, url)
    assert.equal(headers.get('x-powered-by') ?? headers.get('server'), null, url)
  }
})

test('whoever has found a weakness is told whom to write to, by a file that never runs out', async () => {
  const { status, headers, html: text } = await ask('/.well-known/security.txt')
  assert.deepEqual([status, headers.get('content-type')], [200, 'text/plain; charset=utf-8'])
  const fields = new Map(
    text
      .trim()
      .split('\n')
      .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  )
  assert.equal(fields.get('Contact'), 'mailto:owner@lectern.test')
  assert.equal(fields.get('Canonical'), `${URL_OF_SCHOOL}/.well-known/security.txt`)
  const days = (Date.parse(fields.get('Expires') ?? '') - Date.now()) / 86_400_000
  assert.ok(days > 80 && days < 91, String(days))
})

test('the Observatory’s rules are kept as they are written: what is wrong costs what they say', () => {
  const of = (headers: Record<string, string>, cookies: string[] = []): number =>
    observed({ url: URL_OF_SCHOOL, html: '', headers: new Headers(headers), cookies }).score
  const right = {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'strict-transport-security': 'max-age=63072000',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  }
  assert.equal(of(right), 130)
  assert.equal(of({ ...right, 'content-security-policy': "default-src 'self'; frame-ancestors 'none'" }), 125)
  assert.equal(of({ ...right, 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'" }), 120)
  assert.equal(of({ ...right, 'content-security-policy': "default-src 'none'; script-src 'unsafe-inline'; frame-ancestors 'none'" }), 80)
  assert.equal(of({}), 30)
  assert.equal(of(right, ['session=1; Secure; HttpOnly; SameSite=Lax']), 135)
  assert.equal(of(right, ['session=1']), 60)
})
