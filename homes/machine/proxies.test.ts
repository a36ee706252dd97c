import assert from 'node:assert/strict'
import { request } from 'node:http'
import { type TestContext, test } from 'node:test'
import { SettingsError } from '../environment.ts'
import { PROXY_HEADER } from '../proxy-door.ts'
import { networkOf } from './identity/limits.ts'
import { aServedHome } from './served.fixture.ts'
import { readSettings } from './settings.ts'

const SECRET = 'forty-letters-that-only-the-proxy-knows!'

/** A whole school behind a proxy on this machine, which tests stand in for. */
const aSchool = async (t: TestContext, variables: Record<string, string>) => {
  const { port, close } = await aServedHome(variables)
  t.after(close)
  const ask = (path: string, headers: Record<string, string | string[]> = {}, method = 'GET'): Promise<number> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
      })
        .on('error', reject)
        .end()
    })
  /** The status each of so many quotes is answered with. */
  const quotes = async (count: number, headers: (asked: number) => Record<string, string>): Promise<number[]> => {
    const answers: number[] = []
    for (let asked = 0; asked < count; asked += 1) answers.push(await ask('/api/quotes', headers(asked), 'POST'))
    return answers
  }
  return { ask, quotes }
}

const refusedAmong = (answers: readonly number[]): number => answers.filter((status) => status === 429).length

test('behind a trusted proxy each visitor has room of their own, and one who writes addresses into the header has no more', async (t) => {
  const { quotes } = await aSchool(t, { LECTERN_TRUSTED_PROXIES: 'loopback' })
  // What the proxy appends is last; what stands before it, the visitor has sent.
  assert.equal(refusedAmong(await quotes(61, (asked) => ({ 'x-forwarded-for': `192.0.2.${asked}, 198.51.100.7` }))), 1)
  assert.equal(refusedAmong(await quotes(1, () => ({ 'x-forwarded-for': '198.51.100.8' }))), 0)
  // A household's /64 is one caller, however its addresses are written.
  assert.equal(refusedAmong(await quotes(61, (asked) => ({ 'x-forwarded-for': `2001:db8::${asked + 1}` }))), 1)
})

test('unless a proxy is trusted, no header gives anybody more room', async (t) => {
  const { quotes } = await aSchool(t, {})
  assert.equal(refusedAmong(await quotes(61, (asked) => ({ 'x-forwarded-for': `192.0.2.${asked}`, 'cf-connecting-ip': `192.0.2.${asked}` }))), 1)
})

test('a school that trusts Cloudflare alone does not believe a neighbour who calls themselves it', async (t) => {
  const { quotes } = await aSchool(t, { LECTERN_TRUSTED_PROXIES: 'cloudflare' })
  assert.equal(refusedAmong(await quotes(61, (asked) => ({ 'x-forwarded-for': `192.0.2.${asked}, 162.158.1.1`, 'cf-connecting-ip': `192.0.2.${asked}` }))), 1)
})

test('past the proxy that shows a secret nothing is answered, be it page, API, sign-in, upload or webhook', async (t) => {
  const { ask } = await aSchool(t, { LECTERN_PROXY_SECRET: SECRET })
  for (const path of ['/', '/api/health', '/auth/.well-known/openid-configuration', '/media/vid_1/master.m3u8', '/uploads/part', '/hooks/stripe', '/sandbox'])
    for (const headers of [{}, { [PROXY_HEADER]: '' }, { [PROXY_HEADER]: `${SECRET}x` }, { [PROXY_HEADER]: [SECRET, SECRET] }])
      assert.equal(await ask(path, headers), 403, path)
  assert.equal(await ask('/api/health', { [PROXY_HEADER]: SECRET }), 200)
  assert.equal(await ask('/', { [PROXY_HEADER]: SECRET }), 200)
})

test('a list or a secret that is none is named before the school opens, and not shown', () => {
  const wrong = { LECTERN_TRUSTED_PROXIES: '0.0.0.0/0', LECTERN_PROXY_SECRET: 'hush' }
  for (const [name, value] of Object.entries(wrong))
    assert.throws(
      () => readSettings({ [name]: value }),
      (error) => error instanceof SettingsError && error.message.includes(name) && !error.message.includes(value),
    )
  assert.equal(JSON.stringify(readSettings({ LECTERN_PROXY_SECRET: SECRET })).includes(SECRET), false)
})

test('a /64 is one network, whichever of its zeros are left out', () => {
  const [one, other] = ['2001:db8::1', '2001:db8::2:3'].map(networkOf)
  assert.equal(one, other)
  assert.equal(networkOf('2001:db8:0:0:5:6:7:8'), one)
  assert.notEqual(networkOf('2001:db8:0:1::1'), one)
  assert.equal(networkOf('::1'), '0:0:0:0')
  assert.equal(networkOf('fe80::'), 'fe80:0:0:0')
  assert.equal(networkOf('192.0.2.1'), '192.0.2.1')
})
