import assert from 'node:assert/strict'
import { test } from 'node:test'
import Stripe from 'stripe'
import { sign } from '#sandbox/stripe/deliveries.ts'
import { aTill, WEBHOOK_SECRET } from '#test/till.ts'
import { stripePayments } from '#vendors/stripe/stripe.ts'
import { stripeHook } from './webhooks.ts'

const BODY = JSON.stringify({ id: 'evt_1', object: 'event', type: 'charge.refunded', created: 1777885200, livemode: false, data: { object: { id: 'ch_1' } } })
const NONE = '0'.repeat(64)

type Case = [what: string, isTaken: boolean, body: string | Uint8Array, header: string | undefined]

/** What Stripe's library does of each was looked up by asking it: the test asks again. */
const casesAt = (now: number): Case[] => {
  const good = sign(BODY, WEBHOOK_SECRET, now)
  const [, v1 = ''] = good.split('v1=')
  const at = (seconds: number): string => sign(BODY, WEBHOOK_SECRET, now + seconds)
  return [
    ['signed now', true, BODY, good],
    ['300 seconds old', true, BODY, at(-300)],
    ['301 seconds old', false, BODY, at(-301)],
    ['a day old', false, BODY, at(-24 * 3600)],
    ['from a clock 301 seconds ahead', true, BODY, at(301)],
    ['from a clock a day ahead', true, BODY, at(24 * 3600)],
    ['the right one of two signatures, last', true, BODY, `t=${now},v1=${NONE},v1=${v1}`],
    ['the right one of two signatures, first', true, BODY, `t=${now},v1=${v1},v1=${NONE}`],
    ['an older scheme beside it', true, BODY, `t=${now},v0=${NONE},v1=${v1}`],
    ['parts in another order', true, BODY, `v1=${v1},t=${now}`],
    ['signed with another secret', false, BODY, sign(BODY, 'whsec_of_another_account', now)],
    ['signed with an empty secret', false, BODY, sign(BODY, '', now)],
    ['one byte of the body altered', false, BODY.replace('ch_1', 'ch_2'), good],
    ['a byte at the end of the body', false, `${BODY} `, good],
    ['a byte order mark before the body', false, `\uFEFF${BODY}`, good],
    ['bytes that are no text', false, Uint8Array.from([...new TextEncoder().encode(BODY), 0xff]), good],
    ['another time than was signed', false, BODY, good.replace(`t=${now}`, `t=${now - 1}`)],
    ['one character of the signature altered', false, BODY, good.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
    ['a signature cut short', false, BODY, good.slice(0, -1)],
    ['an older scheme only', false, BODY, good.replace('v1=', 'v0=')],
    ['no time', false, BODY, `v1=${v1}`],
    ['a time that is none', false, BODY, `t=soon,v1=${v1}`],
    ['no signature', false, BODY, `t=${now}`],
    ['an empty header', false, BODY, ''],
    ['no header', false, BODY, undefined],
    ['an empty body', false, '', sign('', WEBHOOK_SECRET, now)],
  ]
}

const official = ({ webhooks }: Stripe, [, , body, header]: Case, now: number): boolean => {
  try {
    webhooks.constructEvent(typeof body === 'string' ? body : Buffer.from(body), header ?? '', WEBHOOK_SECRET, 300, undefined, now * 1000)
    return true
  } catch {
    return false
  }
}

test('Every signature Stripe’s own library accepts is taken, and of every other nothing is written', async (t) => {
  const till = await aTill(t)
  const now = Math.floor(till.clock.now().getTime() / 1000)
  const library = new Stripe('sk_test_x')
  for (const one of casesAt(now)) {
    const [what, isTaken, body, header] = one
    assert.equal(official(library, one, now), isTaken, `the library: ${what}`)
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
    const before = till.stored('hook#')
    assert.equal((await stripeHook(till.world)({ body: bytes, signature: header })).status, isTaken ? 200 : 400, what)
    if (!isTaken) assert.equal(till.stored('hook#'), before, what)
  }
  assert.deepEqual([till.stored('hook#'), till.happened('hook.received')], [1, 1])
})

test('What is forged costs less than five milliseconds, however long it is', async (t) => {
  const till = await aTill(t)
  const body = new TextEncoder().encode(`{"id":"${'x'.repeat(256 * 1024 - 9)}"}`)
  const header = `t=${Math.floor(till.clock.now().getTime() / 1000)},${`v1=${NONE},`.repeat(20)}v1=${NONE}`
  till.world.payments.readNews(body, header)
  const before = process.cpuUsage()
  for (let asked = 0; asked < 100; asked += 1) assert.equal(till.world.payments.readNews(body, header), undefined)
  const { user, system } = process.cpuUsage(before)
  const milliseconds = (user + system) / 1000 / 100
  t.diagnostic(`${milliseconds.toFixed(2)} ms of CPU each`)
  assert.ok(milliseconds < 5)
})

test('While one secret is being changed for another, what either signs is taken, a hundred of each, and what neither signs is not', async (t) => {
  const till = await aTill(t)
  till.world.payments = stripePayments({ secretKey: 'sk_test_till', webhookSecrets: ['whsec_new', WEBHOOK_SECRET], clock: till.clock })
  const now = Math.floor(till.clock.now().getTime() / 1000)
  for (let sent = 0; sent < 100; sent += 1) {
    for (const secret of ['whsec_new', WEBHOOK_SECRET]) {
      const body = BODY.replace('evt_1', `evt_${secret}_${sent}`)
      assert.equal((await till.deliver(body, sign(body, secret, now))).status, 200)
    }
  }
  assert.equal((await till.deliver(BODY, sign(BODY, 'whsec_before', now))).status, 400)
  assert.equal(till.stored('hook#'), 200)
})

test('A recorded request that is sent again while its signature holds is answered 200 and does nothing', async (t) => {
  const till = await aTill(t)
  const now = Math.floor(till.clock.now().getTime() / 1000)
  const header = sign(BODY, WEBHOOK_SECRET, now)
  assert.equal((await till.deliver(BODY, header)).status, 200)
  await till.settle()
  const before = till.happened('hook.received')
  till.clock.pass(299)
  const answers = await Promise.all(Array.from({ length: 20 }, () => till.deliver(BODY, header)))
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  await till.settle()
  assert.deepEqual([till.stored('hook#'), till.happened('hook.received'), till.told.length], [1, before, 1])
  till.clock.pass(2)
  assert.equal((await till.deliver(BODY, header)).status, 400)
})
