import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { AnyContractProcedure } from '@orpc/contract'
import type { EndpointMeta } from '#contract/base.ts'
import { contract } from '#contract/contract.ts'
import { PAGES } from '#homes/machine/identity/routes.ts'
import { aServedHome } from '#homes/machine/served.fixture.ts'
import { aSignIn } from '#test/browser.ts'
import { ALL_COOKIES } from '#test/cookies.ts'

/*
 * A page of another site can make a browser send a request with the cookies it has. It cannot read the answer, and it cannot set a header such as
 * `Authorization` without being asked first (CORS). So nothing that changes something here may be opened by cookies alone.
 */

const { home, port, close } = await aServedHome({})
after(close)
const ORIGIN = home.settings.url
const send = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init })
const FOREIGN: Record<string, string>[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
]
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

const endpoints = Object.values(contract).flatMap((each) => Object.values<AnyContractProcedure>(each))

test('no endpoint for people is opened by cookies, whichever a browser has', async () => {
  let asked = 0
  for (const endpoint of endpoints) {
    const { route, meta } = endpoint['~orpc']
    // Every endpoint is declared through `endpoint()`, which writes exactly this meta.
    if ((meta as EndpointMeta).access === 'anyone') continue
    const path = `/api${(route.path ?? '').replace(/\{\w+\}/g, 'x')}`
    const body = route.method === 'GET' ? {} : { body: '{}' }
    const answer = await send(path, { method: route.method ?? 'GET', headers: { cookie: ALL_COOKIES, 'content-type': 'application/json' }, ...body })
    // What cannot be read at all is refused before it is asked whose it is: with what each can read, the matrix asks, whose visitor has these cookies.
    assert.ok([401, 422].includes(answer.status), `${route.method} ${path} answers ${answer.status}`)
    assert.equal(answer.headers.get('set-cookie'), null)
    if (answer.status === 401) asked += 1
  }
  assert.ok(asked > 50, `${asked} were asked whose they are`)
})

test('a page of another site is not given leave to send a key with its request', async () => {
  for (const path of ['/api/me', '/api/teach/courses', '/hooks/stripe', '/uploads/x', '/']) {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' }
    const answer = await send(path, { method: 'OPTIONS', headers })
    assert.equal(answer.headers.get('access-control-allow-origin'), null, path)
    assert.equal(answer.headers.get('access-control-allow-headers'), null, path)
  }
})

test('the forms of the sign-in take nothing that was sent from a page of another site', async () => {
  const asked = await send(aSignIn(ORIGIN).address.href.slice(ORIGIN.length))
  const path = new URL(asked.headers.get('location') ?? '', ORIGIN).pathname
  const cookie = asked.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  const forms = Object.entries(PAGES).flatMap(([form, { post }]) => (post ? [form] : []))
  assert.ok(forms.length > 10, 'the table of the sign-in’s forms')
  for (const form of forms)
    for (const foreign of [...FOREIGN, {}]) {
      const answer = await send(`${path}${form}`, { method: 'POST', headers: { cookie, ...FORM, ...foreign }, body: 'email=a%40lectern.test&password=x' })
      assert.equal(answer.status, 403, `${form} ${JSON.stringify(foreign)}`)
    }
  const own = await send(path, { method: 'POST', headers: { cookie, ...FORM, 'sec-fetch-site': 'same-origin' }, body: 'email=a%40lectern.test&password=x' })
  assert.notEqual(own.status, 403)
})

test('no button of a stand-in is pressed from a page of another site', async () => {
  const buttons = [
    '/sandbox/mail/clear',
    '/sandbox/mail/faults',
    '/sandbox/stripe/faults',
    '/sandbox/stripe/api/faults',
    '/sandbox/chatbot/clear',
    '/sandbox/chatbot/faults',
  ]
  for (const path of [...buttons, '/sandbox/github/api/faults', '/sandbox/github/lectern/content/pulls/1/merge'])
    for (const foreign of FOREIGN) {
      const answer = await send(path, { method: 'POST', headers: { ...FORM, ...foreign }, body: '' })
      assert.equal(answer.status, 403, `${path} ${JSON.stringify(foreign)}`)
    }
})

test('what a webhook tells is believed for its signature, never for where it came from', async () => {
  for (const path of ['/hooks/stripe', '/hooks/github']) {
    const answer = await send(path, { method: 'POST', headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }, body: '{}' })
    assert.ok([400, 401, 403, 404].includes(answer.status), `${path} ${answer.status}`)
  }
})
