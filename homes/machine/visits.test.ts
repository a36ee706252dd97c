import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { callerBehind } from '../proxies.ts'
import { visits } from './visits.ts'

/** A server that answers 200 to all that is not refused. */
const aDoor = async (t: TestContext) => {
  const { refuses } = visits(
    { quotes: 3, quotesOfPeople: 5, orders: 2, searches: 2, searchesOfPeople: 5, searchesOfOne: 2, anything: 4 },
    callerBehind(['127.0.0.1']),
  )
  const server = createServer(async (request, response) => {
    if (!(await refuses(request, response))) response.end('{}')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return async (path: string, headers: Record<string, string> = {}, method = 'POST') => {
    const answer = await fetch(`http://127.0.0.1:${address.port}/api${path}`, { method, headers })
    return { status: answer.status, text: await answer.text(), wait: Number(answer.headers.get('retry-after')) }
  }
}

test('Coupons cannot be guessed without end by asking for prices, and other addresses hear theirs', async (t) => {
  const ask = await aDoor(t)
  for (let guess = 0; guess < 3; guess += 1) assert.equal((await ask('/quotes')).status, 200)
  const refused = await ask('/quotes')
  assert.deepEqual([refused.status, JSON.parse(refused.text).code], [429, 'too-many'])
  assert.equal((await ask('/quotes', { 'x-forwarded-for': '192.0.2.9' })).status, 200)
  const signedIn = { authorization: 'Bearer x' }
  for (let guess = 0; guess < 5; guess += 1) assert.equal((await ask('/quotes', signedIn)).status, 200)
  assert.equal((await ask('/quotes', signedIn)).status, 429)
})

test('Orders and their payment pages are asked for only so often a minute, and looking at orders is free', async (t) => {
  const ask = await aDoor(t)
  assert.equal((await ask('/orders')).status, 200)
  assert.equal((await ask('/orders/ord_00000001/checkout')).status, 200)
  assert.equal((await ask('/orders')).status, 429)
  assert.equal((await ask('/orders/ord_00000001/checkout')).status, 429)
  const signedIn = { authorization: 'Bearer x' }
  assert.equal((await ask('/orders', signedIn, 'GET')).status, 200)
  assert.equal((await ask('/orders/ord_00000001', signedIn, 'GET')).status, 200)
})

test('Searching is bounded for a network of visitors, and for each who has signed in; who is refused hears when to come back', async (t) => {
  const ask = await aDoor(t)
  const search = (headers = {}) => ask('/search?q=light', headers, 'GET')
  for (let time = 0; time < 2; time += 1) assert.equal((await search()).status, 200)
  const refused = await search()
  assert.deepEqual([refused.status, JSON.parse(refused.text).code, refused.wait >= 1 && refused.wait <= 60], [429, 'too-many', true])
  const [ann, bea] = [{ authorization: 'Bearer ann' }, { authorization: 'Bearer bea' }]
  for (let time = 0; time < 2; time += 1) assert.equal((await search(ann)).status, 200)
  assert.equal((await search(ann)).status, 429)
  assert.equal((await search(bea)).status, 200)
})

test('Whatever visitors ask is bounded together; who has signed in, and whoever looks whether the school is up, is not counted', async (t) => {
  const ask = await aDoor(t)
  for (const path of ['/school', '/me', '/courses/crs_1/reviews', '/invitations/inv_1']) assert.equal((await ask(path, {}, 'GET')).status, 200)
  assert.equal((await ask('/school', {}, 'GET')).status, 429)
  assert.equal((await ask('/school', { authorization: 'Bearer x' }, 'GET')).status, 200)
  assert.equal((await ask('/health', {}, 'GET')).status, 200)
})
