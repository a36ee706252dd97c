import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { aServedHome } from '#homes/machine/served.fixture.ts'
import { aSignIn } from '#test/browser.ts'
import { type Answer, directivesOf, observed } from './observatory.ts'

const URL_OF_SCHOOL = 'https://school.example'
const { home, port, webRoot, close } = await aServedHome({ LECTERN_URL: URL_OF_SCHOOL })
after(close)

/** Asks the school on this machine, by the addresses it has for the world. */
const ask = async (path: string, init: RequestInit = {}): Promise<Answer & { status: number }> => {
  const url = new URL(path, URL_OF_SCHOOL)
  const answer = await fetch(`http://127.0.0.1:${port}${url.pathname}${url.search}`, { redirect: 'manual', ...init })
  const { status, headers } = answer
  return { status, url: url.href, headers, cookies: headers.getSetCookie(), html: await answer.text() }
}

let letter = ''
before(async () => {
  for (const name of ['index.html', 'offline.html']) {
    const source = name === 'index.html' ? join('web', name) : join('web', 'public', name)
    await writeFile(join(webRoot, name), await readFile(join(import.meta.dirname, '..', '..', source)))
  }
  await home.world.mail.send({ id: 'one', to: 'ada@lectern.test', subject: 'Hello', text: 'Words.', html: '<p style="color:red">Words.</p>' })
  const told: unknown = JSON.parse((await ask('/sandbox/mail/api/messages?wait=10')).html)
  letter = Array.isArray(told) ? String(told[0]?.id) : ''
})

const PAGES: Record<string, () => string> = {
  'the home page': () => '/',
  'a page of the app': () => '/learning',
  'a course that is not there': () => '/courses/none',
  'what the browser shows without a line': () => '/offline.html',
  'the documents of the API': () => '/api/docs',
  'the list of stand-ins': () => '/sandbox',
  'the inbox': () => '/sandbox/mail',
  'a page with a letter': () => `/sandbox/mail/messages/${letter}`,
  'a letter': () => `/sandbox/mail/messages/${letter}/html`,
  'a letter that is not there': () => '/sandbox/mail/messages/0000000000000000',
  'the till': () => '/sandbox/stripe',
  'a till’s page that is not there': () => '/sandbox/stripe/none',
  'the repository': () => '/sandbox/github',
  'the chatbot': () => '/sandbox/chatbot',
  'a page of the chatbot that is not there': () => '/sandbox/chatbot/none',
  'a sign-in that is over': () => '/auth/sign-in/none',
  'a sign-in that nobody asked for': () => '/auth/authorize?client_id=nobody',
  'a page of the sign-in that is not there': () => '/auth/nowhere',
  'what is said after signing out': () => '/auth/sign-out/success',
}

/** A stand-in may lead on once. */
const shown = async (path: string, init: RequestInit = {}): Promise<Answer & { status: number }> => {
  const answer = await ask(path, init)
  const location = answer.headers.get('location')
  return location === null ? answer : ask(location, init)
}

const judge = (name: string, { status, url, headers, cookies, html }: Answer & { status: number }): void => {
  const { score, because } = observed({ url, headers, cookies, html })
  assert.match(headers.get('content-type') ?? '', /^text\/html/, `${name} is a page (${status})`)
  assert.ok(score >= 130, `${name} scores ${score}: ${because}`)
  const policy = headers.get('content-security-policy') ?? ''
  assert.doesNotMatch(policy, /unsafe-/, name)
  for (const closed of ['base-uri', 'frame-ancestors', 'form-action']) assert.ok(directivesOf(policy).has(closed), `${name}: ${closed}`)
  for (const header of ['permissions-policy', 'cross-origin-opener-policy']) assert.ok(headers.has(header), `${name}: ${header}`)
  if (!policy.includes('sha256')) assert.doesNotMatch(html, /<style|\sstyle=/, name)
}

for (const [name, path] of Object.entries(PAGES)) test(`${name} scores at least 130 at the Observatory`, async () => judge(name, await shown(path())))

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
})

test('answers that are no page say no less: refusals, redirects, files, JSON and what the edge refuses', async () => {
  const answers = await Promise.all(
    [
      ...['/api/health', '/api/nowhere', '/api/openapi.json', '/media/vid_none0001/master.m3u8', '/files/fil_none0001/content', '/catalogue/none.json'],
      ...['/hooks/stripe', '/hooks/none', '/uploads/none', '/a//b', '/nothing.txt', '/sitemap.xml', '/auth/.well-known/openid-configuration', '/sandbox/none'],
    ].map((path) => ask(path)),
  )
  for (const { url, headers } of answers) {
    assert.equal(headers.get('x-content-type-options'), 'nosniff', url)
    assert.match(headers.get('strict-transport-security') ?? '', /max-age=63072000/, url)
    assert.ok(headers.has('content-security-policy'), url)
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
