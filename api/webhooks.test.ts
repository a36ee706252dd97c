import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eventBody, sign } from '#sandbox/stripe/deliveries.ts'
import { buy } from '#test/buy.ts'
import { aSale, openTill, type Till, WEBHOOK_SECRET } from '#test/till.ts'
import { stripePayments } from '#vendors/stripe/stripe.ts'

/** A till with a paid page whose news has not been told yet. */
const withNews = async (t: TestContext): Promise<{ till: Till; body: string; now: number }> => {
  const till = await openTill()
  t.after(() => till.close())
  const { learner, course } = await aSale(till)
  await till.faults({ webhooks: 'drop' })
  await till.pay((await buy(learner, course)).checkoutUrl)
  return { till, body: eventBody(await till.event('checkout.session.completed')), now: Math.floor(till.clock.now().getTime() / 1000) }
}

test('Nothing is stored of a webhook that is forged, altered, stale or not signed, and that it came is noted', async (t) => {
  const { till, body, now } = await withNews(t)
  const good = sign(body, WEBHOOK_SECRET, now)
  const refused: [string, string, string | undefined][] = [
    ['signed with another secret', body, sign(body, 'whsec_guessed', now)],
    ['one byte altered', body.replace('4900', '4901'), good],
    ['a byte order mark before it', `\uFEFF${body}`, good],
    ['301 seconds old', body, sign(body, WEBHOOK_SECRET, now - 301)],
    ['an old scheme only', body, good.replace('v1=', 'v0=')],
    ['a time that is none', body, good.replace(/t=\d+/, 't=soon')],
    ['another time than signed', body, good.replace(/t=\d+/, `t=${now - 1}`)],
    ['no header', body, undefined],
    ['an empty header', body, ''],
    ['no body', '', sign('', WEBHOOK_SECRET, now)],
    ['no event', '{"hello":"world"}', sign('{"hello":"world"}', WEBHOOK_SECRET, now)],
  ]
  const lines: unknown[] = []
  Object.assign(till.world, { log: { ...till.world.log, warn: (_: string, fields: unknown) => void lines.push(fields) } })
  for (const [what, sent, signature] of refused) assert.equal((await till.deliver(sent, signature)).status, 400, what)
  assert.deepEqual(lines, Array(refused.length).fill({ security: 'forged', what: 'hooks.stripe' }))
  assert.equal(till.stored('hook#'), 0)
  assert.equal(till.happened('hook.received'), 0)
})

test('A webhook exactly 300 seconds old is accepted, and so is one of several signatures', async (t) => {
  const { till, body, now } = await withNews(t)
  assert.equal((await till.deliver(body, sign(body, WEBHOOK_SECRET, now - 300))).status, 200)
  assert.equal(till.stored('hook#'), 1)
  const v1 = sign(body, WEBHOOK_SECRET, now).split('v1=')[1]
  assert.equal((await till.deliver(body, `t=${now},v1=${'0'.repeat(64)},v1=${v1},v0=old`)).status, 200)
  assert.equal(till.stored('hook#'), 1)
})

test('Both secrets verify while one is being changed for the other', async (t) => {
  const { till, body, now } = await withNews(t)
  till.world.payments = stripePayments({ secretKey: 'sk_test_till', webhookSecrets: ['whsec_new', WEBHOOK_SECRET], clock: till.clock })
  assert.equal((await till.deliver(body, sign(body, WEBHOOK_SECRET, now))).status, 200)
  assert.equal((await till.deliver(body, sign(body, 'whsec_new', now))).status, 200)
})

test('A body of 256 KiB is taken and one byte more is refused', async (t) => {
  const { till, now } = await withNews(t)
  const head = '{"id":"evt_big","type":"charge.refunded","created":1,"livemode":false,"pad":"'
  const body = `${head}${'x'.repeat(256 * 1024 - head.length - 2)}"}`
  assert.equal((await till.deliver(body, sign(body, WEBHOOK_SECRET, now))).status, 200)
  const more = `${body} `
  assert.equal((await till.deliver(more, sign(more, WEBHOOK_SECRET, now))).status, 413)
  assert.equal(till.stored('hook#'), 1)
})

test('A thin event, which has no object in it, is kept as well', async (t) => {
  const { till, now } = await withNews(t)
  const body = '{"id":"evt_thin","object":"v2.core.event","type":"v2.core.event_destination.ping","created":"2026-05-04T09:00:00.000Z","livemode":false}'
  assert.equal((await till.deliver(body, sign(body, WEBHOOK_SECRET, now))).status, 200)
  await till.settle()
  assert.match(till.told[0]?.subject ?? '', /v2\.core\.event_destination\.ping/)
})

test('What cannot be written is answered 503, so that it is sent again, and the next try is taken', async (t) => {
  const { till, body, now } = await withNews(t)
  till.database.exec('PRAGMA query_only = ON')
  assert.equal((await till.deliver(body, sign(body, WEBHOOK_SECRET, now))).status, 503)
  till.database.exec('PRAGMA query_only = OFF')
  assert.equal(till.stored('hook#'), 0)
  assert.equal((await till.deliver(body, sign(body, WEBHOOK_SECRET, now))).status, 200)
  await till.settle()
  assert.equal(till.happened('enrolment.started'), 1)
})
