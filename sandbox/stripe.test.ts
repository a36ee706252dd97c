import assert from 'node:assert/strict'
import { test } from 'node:test'
import Stripe from 'stripe'
import { aStandIn, card, PARAMS } from './stripe.fixture.ts'

test('A session is made, read and expired over the wire of Stripe’s own library', async (t) => {
  const { client } = await aStandIn(t)
  const made = await client().checkout.sessions.create(PARAMS)
  assert.match(made.id, /^cs_test_/)
  assert.equal(made.url, `http://school.test/sandbox/stripe/checkout/${made.id}`)
  assert.deepEqual([made.status, made.payment_status, made.amount_total, made.currency, made.client_reference_id], ['open', 'unpaid', 4900, 'eur', 'ord_1'])
  assert.match(made.lastResponse.requestId, /^req_/)
  assert.equal((await client().checkout.sessions.expire(made.id)).status, 'expired')
  await assert.rejects(client().checkout.sessions.expire(made.id), Stripe.errors.StripeInvalidRequestError)
  await assert.rejects(client().checkout.sessions.retrieve('cs_test_none'), { code: 'resource_missing', statusCode: 404 })
})

test('The same idempotency key makes one session; with other parameters it is refused', async (t) => {
  const { client } = await aStandIn(t)
  const make = (amount: number) =>
    client().checkout.sessions.create(
      { ...PARAMS, line_items: [{ quantity: 1, price_data: { currency: 'eur', unit_amount: amount, product_data: { name: 'Colour' } } }] },
      { idempotencyKey: 'ord_1:1' },
    )
  assert.equal((await make(4900)).id, (await make(4900)).id)
  await assert.rejects(make(5000), Stripe.errors.StripeIdempotencyError)
})

test('Calls without a test key, and parameters Stripe does not know, are refused as Stripe refuses them', async (t) => {
  const { send } = await aStandIn(t)
  assert.equal((await send('/v1/checkout/sessions', 'mode=payment')).status, 401)
  assert.equal((await send('/v1/checkout/sessions', 'mode=payment', { authorization: 'Bearer sk_live_1' })).status, 401)
  const answer = await send('/v1/checkout/sessions', 'mode=payment&payment_method_types[0]=card', { authorization: 'Bearer sk_test_1' })
  assert.equal(answer.status, 400)
  // What the API answers is read as text: the test is of its words.
  assert.match(await answer.text(), /"code": "parameter_unknown"/)
})

test('The checkout page shows the order, refuses the declined card, and takes the test card once', async (t) => {
  const { client, see, send, heard, requests } = await aStandIn(t)
  const { id } = await client().checkout.sessions.create(PARAMS)
  const path = `/sandbox/stripe/checkout/${id}`
  const page = await see(path)
  for (const part of [
    'Fern &amp; Quill',
    'Pay €49.00',
    'value="lena@lectern.test"',
    'value="4242 4242 4242 4242"',
    'href="http://school.test/courses/colour"',
    'Stand-in checkout: no money moves',
  ]) {
    assert.ok(page.includes(part), part)
  }
  assert.ok(!page.includes('<b>'))
  const declined = await send(path, card('4000 0000 0000 0002'))
  assert.equal(declined.status, 402)
  assert.match(await declined.text(), /Your card was declined/)
  assert.match(await (await send(path, card('4111 1111 1111 1111'))).text(), /Only test cards/)
  assert.equal((await send(path, card('4242424242424242'), { 'sec-fetch-site': 'cross-site' })).status, 403)
  assert.equal((await client().checkout.sessions.retrieve(id)).payment_status, 'unpaid')
  const paid = await send(path, card('4242 4242 4242 4242'))
  assert.deepEqual([paid.status, paid.headers.get('location')], [303, 'http://school.test/orders/ord_1'])
  await requests(2)
  assert.equal((await send(path, card('4242 4242 4242 4242'))).status, 200)
  assert.match(await see(path), /You have paid already/)
  const { payment_status, status, url, payment_intent } = await client().checkout.sessions.retrieve(id)
  assert.deepEqual([payment_status, status, url, String(payment_intent).slice(0, 3)], ['paid', 'complete', null, 'pi_'])
  assert.deepEqual(heard.map(({ type }) => type).sort(), ['checkout.session.completed', 'payment_intent.succeeded'])
})

test('A webhook that is refused is sent again, even after a restart in between', { timeout: 20_000 }, async (t) => {
  const { client, pay, ear, heard, requests, restart, see } = await aStandIn(t)
  ear.status = 503
  const { id } = await client().checkout.sessions.create(PARAMS)
  await pay(id)
  await requests(2)
  await restart()
  ear.status = 200
  await requests(4)
  assert.equal(heard.length, 2)
  assert.match(await see('/sandbox/stripe'), /checkout\.<wbr>session\.<wbr>completed/)
  assert.equal((await client().checkout.sessions.retrieve(id)).status, 'complete')
})

test('The switches duplicate, reorder and drop webhooks, and what was dropped can be sent by hand', { timeout: 20_000 }, async (t) => {
  const { client, pay, heard, requests, faults, send } = await aStandIn(t)
  const paid = async (): Promise<void> => {
    const { id } = await client().checkout.sessions.create(PARAMS)
    await pay(id)
  }
  await faults({ webhooks: 'duplicate', times: 3 })
  await paid()
  await requests(6)
  assert.equal(new Set(heard.map(({ id }) => id)).size, 2)
  await faults({ webhooks: 'reorder' })
  await paid()
  await requests(8)
  assert.deepEqual(
    heard.slice(6).map(({ type }) => type),
    ['checkout.session.completed', 'payment_intent.succeeded'],
  )
  await faults({ webhooks: 'drop' })
  await paid()
  const [dropped] = (await client().events.list({ type: 'checkout.session.completed', limit: 1 })).data
  assert.ok(dropped && !heard.some(({ id }) => id === dropped.id))
  await send(`/sandbox/stripe/deliveries/${dropped.id}/again`, '')
  await requests(9)
  assert.equal(heard.at(-1)?.id, dropped.id)
})

test('The switches take the API down, make it fail, and put it right again', async (t) => {
  const { client, faults, see } = await aStandIn(t)
  await faults({ api: 'down' })
  await assert.rejects(client().events.list(), Stripe.errors.StripeConnectionError)
  await faults({ api: '500' })
  await assert.rejects(client().events.list(), { statusCode: 500 })
  assert.match(await see('/sandbox/stripe'), /Faults are on/)
  await faults({ api: 'none' })
  assert.deepEqual((await client().events.list()).data, [])
})

test('A refund over the wire, in parts and then whole, is told by the charge, the intent, the lists and two signed events each', async (t) => {
  const { client, pay, heard, requests } = await aStandIn(t)
  const { id } = await client().checkout.sessions.create(PARAMS)
  await pay(id)
  const payment = String((await client().checkout.sessions.retrieve(id)).payment_intent)
  const part = await client().refunds.create({ payment_intent: payment, amount: 1000, reason: 'requested_by_customer' })
  assert.deepEqual([part.object, part.amount, part.currency, part.status, part.payment_intent], ['refund', 1000, 'eur', 'succeeded', payment])
  const charge = await client().charges.retrieve(String(part.charge))
  assert.deepEqual([charge.amount, charge.amount_refunded, charge.refunded, charge.payment_intent], [4900, 1000, false, payment])
  await assert.rejects(client().refunds.create({ payment_intent: payment, amount: 4000 }), Stripe.errors.StripeInvalidRequestError)
  // Asked twice under one key, as after a lost answer: the rest is given back once.
  const rest = () => client().refunds.create({ payment_intent: payment }, { idempotencyKey: 'rest' })
  assert.equal((await rest()).id, (await rest()).id)
  await assert.rejects(client().refunds.create({ payment_intent: payment }), { code: 'charge_already_refunded', statusCode: 400 })
  const intent = await client().paymentIntents.retrieve(payment, { expand: ['latest_charge'] })
  assert.ok(typeof intent.latest_charge === 'object' && intent.latest_charge?.refunded === true)
  const [session] = (await client().checkout.sessions.list({ payment_intent: payment, expand: ['data.payment_intent.latest_charge'] })).data
  assert.ok(session?.id === id && typeof session.payment_intent === 'object')
  const amounts = (await client().refunds.list({ payment_intent: payment })).data.map(({ amount }) => amount)
  assert.deepEqual(amounts, [3900, 1000])
  await requests(6)
  const told = heard.filter(({ type }) => type === 'refund.created' || type === 'charge.refunded')
  assert.deepEqual(told.map(({ type }) => type).sort(), ['charge.refunded', 'charge.refunded', 'refund.created', 'refund.created'])
  const charges = heard.flatMap((event) => (event.type === 'charge.refunded' ? [event.data.object.amount_refunded] : []))
  assert.deepEqual(charges.sort(), [1000, 4900])
})

test('Refunds are listed a page at a time, from a moment on', async (t) => {
  const { client, pay } = await aStandIn(t)
  for (let made = 0; made < 3; made += 1) {
    const { id } = await client().checkout.sessions.create(PARAMS)
    await pay(id)
    await client().refunds.create({ payment_intent: String((await client().checkout.sessions.retrieve(id)).payment_intent) })
  }
  const first = await client().refunds.list({ limit: 2, created: { gte: 1 } })
  const second = await client().refunds.list({ limit: 2, created: { gte: 1 }, starting_after: first.data[1]?.id ?? '' })
  assert.deepEqual([first.data.length, first.has_more, second.data.length, second.has_more], [2, true, 1, false])
  assert.deepEqual((await client().refunds.list({ created: { gte: 4_000_000_000 } })).data, [])
})

test('What was never paid, or is not there, cannot be refunded', async (t) => {
  const { client, send } = await aStandIn(t)
  const { id } = await client().checkout.sessions.create(PARAMS)
  assert.equal((await send(`/sandbox/stripe/api/sessions/${id}/refund`, '{}')).status, 400)
  assert.equal((await send('/sandbox/stripe/api/sessions/cs_test_none/refund', '{}')).status, 404)
  await assert.rejects(client().refunds.create({ payment_intent: 'pi_none' }), { code: 'resource_missing', statusCode: 404 })
  await assert.rejects(client().refunds.create({ charge: 'ch_none' }), { code: 'resource_missing', statusCode: 404 })
  await assert.rejects(client().refunds.create({}), Stripe.errors.StripeInvalidRequestError)
})

test('The dashboard gives a paid checkout back, in part and whole, and then offers it no more', async (t) => {
  const { client, pay, send, see, requests } = await aStandIn(t)
  const { id } = await client().checkout.sessions.create(PARAMS)
  const [board, action] = ['/sandbox/stripe', `/sandbox/stripe/sessions/${id}/refund`]
  assert.ok(!(await see(board)).includes(action))
  await pay(id)
  assert.match(await see(board), /value="49\.00"/)
  for (const amount of ['60', '0', 'ten', '1.001']) assert.equal((await send(action, new URLSearchParams({ amount }))).status, 400, amount)
  assert.equal((await send(action, new URLSearchParams({ amount: '9.50' }))).status, 303)
  assert.match(await see(board), /partly refunded[\s\S]*value="39\.50"/)
  assert.equal((await send(action, new URLSearchParams({ amount: '39.50' }))).status, 303)
  const after = await see(board)
  assert.ok(after.includes('€49.00 refunded') && !after.includes(action))
  await requests(6)
})
