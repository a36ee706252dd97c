import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEvent, anybody } from './http.fixture.ts'
import { answerOf, overHttp, rawBody, requestOf, say } from './http.ts'
import { lineLog } from './log.ts'

const ORIGIN = 'https://school.example'
const urlOf = (path: string, query = ''): string => requestOf(anEvent({ path, query }), ORIGIN).url

test('A body in base64 is the bytes that were sent, whatever they are', async () => {
  const sent = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const event = anEvent({ method: 'POST', path: '/hooks/stripe', body: sent })
  assert.deepEqual(new Uint8Array(rawBody(event)), sent)
  assert.deepEqual(new Uint8Array(await requestOf(event, ORIGIN).arrayBuffer()), sent)
  assert.equal(rawBody(anEvent({ method: 'POST', body: '\uFEFF{"a":"ü"}' })).toString('hex'), 'efbbbf7b2261223a22c3bc227d')
  assert.equal(rawBody(anEvent()).length, 0)
})

test('Cookies arrive as one header and leave as a list', async () => {
  const request = requestOf(anEvent({ cookies: ['CloudFront-Policy=eyJ_', 'CloudFront-Signature=a~b'] }), ORIGIN)
  assert.equal(request.headers.get('cookie'), 'CloudFront-Policy=eyJ_; CloudFront-Signature=a~b')
  const headers = new Headers({ 'content-type': 'application/json', vary: 'accept' })
  headers.append('vary', 'origin')
  headers.append('set-cookie', 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly')
  headers.append('set-cookie', 'b=2; Path=/media/')
  const answer = await answerOf(new Response('{}', { status: 201, headers }))
  assert.deepEqual(answer, {
    statusCode: 201,
    headers: { 'content-type': 'application/json', vary: 'accept, origin' },
    cookies: ['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly', 'b=2; Path=/media/'],
    body: '{}',
    isBase64Encoded: false,
  })
})

test('A path that the gateway has decoded is a path all the same, and one that is encoded stays', () => {
  assert.equal(urlOf('/api/courses/crs_1', 'page=a%20b&q=%C3%BC'), `${ORIGIN}/api/courses/crs_1?page=a%20b&q=%C3%BC`)
  assert.equal(urlOf('/api/files/a b.pdf'), `${ORIGIN}/api/files/a%20b.pdf`)
  assert.equal(urlOf('/api/who?is=admin#end'), `${ORIGIN}/api/who%3Fis=admin%23end`)
  assert.equal(urlOf('/api/100%/Übung'), `${ORIGIN}/api/100%25/%C3%9Cbung`)
  assert.equal(urlOf('/api/a%2Fb%20c'), `${ORIGIN}/api/a%2Fb%20c`)
  assert.equal(urlOf('//elsewhere.example/api'), `${ORIGIN}//elsewhere.example/api`)
})

test('Nobody is believed about the host they ask for, or the address they come from', () => {
  const said = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'cf-connecting-ip': '192.0.2.1',
    'cloudfront-viewer-address': '192.0.2.1:1',
    forwarded: 'for=1',
  }
  const request = requestOf(anEvent({ path: '/api/school', headers: { ...said, 'accept-language': 'de' } }), ORIGIN)
  assert.equal(new URL(request.url).origin, ORIGIN)
  assert.equal(request.headers.get('accept-language'), 'de')
  for (const name of ['x-forwarded-host', 'x-forwarded-for', 'cf-connecting-ip', 'cloudfront-viewer-address', 'forwarded']) {
    assert.equal(request.headers.get(name), null, name)
  }
})

test('Bytes that are no text leave in base64, and text as it is', async () => {
  const picture = Uint8Array.of(0x89, 0x50, 0xff, 0x00)
  const answer = await answerOf(new Response(picture))
  assert.deepEqual([answer.isBase64Encoded, Buffer.from(answer.body ?? '', 'base64')], [true, Buffer.from(picture)])
  assert.equal((await answerOf(new Response('\uFEFFüber'))).body, '\uFEFFüber')
  assert.equal((await answerOf(new Response(undefined, { status: 204 }))).body, '')
})

test('An answer that Lambda would not hand on is a fault that is logged, and says little', async () => {
  const lines: string[] = []
  const answer = overHttp(
    { log: lineLog((line) => lines.push(line)), admits: anybody },
    // Half as large as it becomes: each quote is two characters in JSON.
    () => answerOf(new Response('"'.repeat(3.2 * 1024 * 1024))),
  )
  const said = await answer(anEvent())
  assert.deepEqual([said.statusCode, JSON.parse(said.body ?? '').code], [500, 'fault'])
  const { level, requestId, error } = JSON.parse(lines[0] ?? '')
  assert.deepEqual([lines.length, level, requestId], [1, 'ERROR', 'JKJaXmPLvHcESHA='])
  assert.match(error.message, /bytes is more than Lambda hands on/)
  assert.equal((await overHttp({ log: lineLog(), admits: anybody }, async () => say(200, 'fine'))(anEvent())).statusCode, 200)
})
