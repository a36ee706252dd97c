import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eventBody, sign } from '#sandbox/stripe/deliveries.ts'
import { buy } from '#test/buy.ts'
import { aRepository, type Hook } from '#test/repository.ts'
import { aSale, aTill, openTill, WEBHOOK_SECRET } from '#test/till.ts'
import { hooks } from './hooks.ts'
import { anEvent } from './http.fixture.ts'

/** A paid page whose news comes by the gateway alone. */
const paid = async (t: TestContext) => {
  const till = await openTill()
  t.after(() => till.close())
  const { learner, course } = await aSale(till)
  await till.faults({ webhooks: 'drop' })
  await till.pay((await buy(learner, course)).checkoutUrl)
  const body = eventBody(await till.event('checkout.session.completed'))
  const signature = sign(body, WEBHOOK_SECRET, Math.floor(till.clock.now().getTime() / 1000))
  const handler = hooks({ log: till.world.log, inbox: async () => till.world })
  const send = (sent: string | Uint8Array, more: { method?: string; path?: string; signature?: string } = {}) => {
    const { method = 'POST', path = '/hooks/stripe', signature: signed = signature } = more
    return handler(anEvent({ method, path, headers: { 'content-type': 'application/json', 'stripe-signature': signed }, body: sent }))
  }
  return { till, learner, course, body, bytes: new TextEncoder().encode(body), send }
}

test('A payment told to the gateway, its body in base64 or not, opens the course once', async (t) => {
  const { till, learner, body, bytes, send } = await paid(t)
  assert.deepEqual([(await send(bytes)).statusCode, (await send(body)).statusCode, (await send(bytes)).statusCode], [200, 200, 200])
  assert.equal(till.stored('hook#'), 1)
  assert.equal(till.happened('hook.received'), 1)
  await till.settle()
  assert.equal((await learner.client.learning.mine({})).enrolled.length, 1)
})

test('Nothing is stored of what is forged, altered on the way, or too large', async (t) => {
  const { till, body, bytes, send } = await paid(t)
  const altered = bytes.slice()
  altered.set([0x20], 1)
  assert.equal((await send(bytes, { signature: 't=1,v1=00' })).statusCode, 400)
  assert.equal((await send(altered)).statusCode, 400)
  assert.equal((await send(`\uFEFF${body}`)).statusCode, 400)
  assert.equal((await send(new Uint8Array(256 * 1024 + 1))).statusCode, 413)
  assert.equal((await send(bytes, { method: 'GET' })).statusCode, 405)
  assert.equal((await send(bytes, { path: '/hooks/other' })).statusCode, 404)
  assert.equal(till.stored('hook#'), 0)
})

test('While the school’s secret or its table cannot be had, the provider is asked to send it again', async (t) => {
  const { till, bytes, send } = await paid(t)
  const closed = hooks({
    log: till.world.log,
    inbox: async () => {
      throw new Error('Secrets Manager does not answer.')
    },
  })
  assert.equal((await closed(anEvent({ method: 'POST', path: '/hooks/stripe', body: bytes }))).statusCode, 500)
  till.database.exec('PRAGMA query_only = ON')
  assert.equal((await send(bytes)).statusCode, 503)
  till.database.exec('PRAGMA query_only = OFF')
  assert.equal((await send(bytes)).statusCode, 200)
})

test('A push told to the gateway is stored by its delivery, forged ones are not, and a school without a repository has no such address', async (t) => {
  const till = await aTill(t)
  const repository = aRepository({ clock: till.clock })
  const handler = hooks({ log: till.world.log, inbox: async () => till.world })
  const send = async ({ body, signature, event, delivery }: Hook) => {
    const headers = { 'x-hub-signature-256': signature, 'x-github-event': event, 'x-github-delivery': delivery }
    return (await handler(anEvent({ method: 'POST', path: '/hooks/github', headers, body }))).statusCode
  }
  const push = repository.hook('push', { ref: 'refs/heads/main' })
  assert.equal(await send(push), 404)
  till.world.repository = repository
  assert.deepEqual([await send(push), await send(push)], [200, 200])
  assert.equal(await send({ ...push, delivery: 'another', body: new TextEncoder().encode('{}') }), 400)
  assert.equal(till.stored('repository-hook#'), 1)
  assert.equal(till.happened('repository.changed'), 1)
})
