import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type CheckoutRequest, type Payments, PaymentsUnavailable } from '#ports/payments.ts'
import { sign } from '#sandbox/stripe/deliveries.ts'
import { fromStripe, isChargeable, toStripe } from './currency.ts'
import { stripePayments } from './stripe.ts'

const REQUEST: CheckoutRequest = {
  order: 'ord_1',
  idempotencyKey: 'ord_1:1',
  price: { amountMinor: 4900, currency: 'EUR' },
  quantity: 1,
  isTaxed: false,
  title: 'Colour',
  email: 'lena@lectern.test',
  successUrl: 'http://school.test/orders/ord_1',
  cancelUrl: 'http://school.test/courses/colour',
}
const ERROR = (type: string): string => JSON.stringify({ error: { type, message: 'no' } })

/** A provider that answers as the test says, and a client with short limits and a clock to move. */
const aProvider = async (t: TestContext, listener: RequestListener) => {
  let calls = 0
  const server = createServer((request, response) => {
    calls += 1
    listener(request, response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  let milliseconds = 0
  const clock = { now: () => new Date(milliseconds) }
  const payments = stripePayments({
    secretKey: 'sk_test_x',
    webhookSecrets: [],
    apiUrl: `http://127.0.0.1:${address.port}`,
    clock,
    limits: { totalMs: 1500, connectMs: 300 },
  })
  return { payments, calls: () => calls, pass: (seconds: number) => (milliseconds += seconds * 1000) }
}

const isDown = (payments: Payments): Promise<void> => assert.rejects(payments.openCheckout(REQUEST), PaymentsUnavailable)

for (const [what, listener] of Object.entries<RequestListener>({
  'answers 500': (_request, response) => response.writeHead(500).end(ERROR('api_error')),
  'answers 503 in HTML': (_request, response) => response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
  'answers 200 with something that is no JSON': (_request, response) => response.writeHead(200).end('{"id": "cs_'),
  'says that there were too many calls': (_request, response) => response.writeHead(429).end(ERROR('invalid_request_error')),
  'is busy with the same key': (_request, response) => response.writeHead(409, { 'stripe-should-retry': 'false' }).end(ERROR('idempotency_error')),
  'cuts the connection': (request) => request.socket.destroy(),
  'never answers': () => {},
  'stops in the middle of an answer': (_request, response) => response.writeHead(200, { 'content-length': 100 }).write('{'),
})) {
  test(`A provider that ${what} is unavailable, and says so in time`, { timeout: 10_000 }, async (t) => {
    const { payments } = await aProvider(t, listener)
    await isDown(payments)
  })
}

test('A provider nobody listens for, or that accepts and stays silent, is unavailable', { timeout: 10_000 }, async (t) => {
  const clock = { now: () => new Date(0) }
  const silent = createTcpServer((socket) => void socket.on('error', () => {}).resume())
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening))
  const address = silent.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  const at = (apiUrl: string) => stripePayments({ secretKey: 'sk_test_x', webhookSecrets: [], apiUrl, clock, limits: { totalMs: 5000, connectMs: 200 } })
  const before = performance.now()
  // A TLS handshake that never ends counts as no connection.
  await isDown(at(`https://127.0.0.1:${address.port}`))
  assert.ok(performance.now() - before < 4000)
  await new Promise((closed) => silent.close(closed))
  await isDown(at(`http://127.0.0.1:${address.port}`))
  t.diagnostic('both given up')
})

test('A call the provider refuses is a fault, not an outage', async (t) => {
  const { payments, calls } = await aProvider(t, (_request, response) => response.writeHead(400).end(ERROR('invalid_request_error')))
  for (let tried = 0; tried < 7; tried += 1) {
    await assert.rejects(payments.openCheckout(REQUEST), (error: Error) => !(error instanceof PaymentsUnavailable))
  }
  assert.equal(calls(), 7)
})

test('After five failures in a row nobody waits any more; one call in thirty seconds finds out when it is over', async (t) => {
  let isUp = false
  const session = {
    id: 'cs_1',
    client_reference_id: 'ord_1',
    url: 'http://pay',
    status: 'open',
    payment_status: 'unpaid',
    amount_total: 4900,
    currency: 'eur',
    livemode: false,
    payment_intent: null,
  }
  const { payments, calls, pass } = await aProvider(t, (_request, response) =>
    isUp ? response.end(JSON.stringify(session)) : response.writeHead(500, { 'stripe-should-retry': 'false' }).end(ERROR('api_error')),
  )
  for (let tried = 0; tried < 5; tried += 1) await isDown(payments)
  assert.equal(calls(), 5)
  for (let tried = 0; tried < 5; tried += 1) await isDown(payments)
  assert.equal(calls(), 5)
  pass(30)
  await Promise.all([isDown(payments), isDown(payments), isDown(payments)])
  assert.equal(calls(), 6)
  isUp = true
  await isDown(payments)
  pass(30)
  assert.equal((await payments.openCheckout(REQUEST)).session, 'cs_1')
  assert.equal((await payments.readCheckout('cs_1')).paid.currency, 'EUR')
})

test('At most ten calls are under way at once, and the rest take their turn', async (t) => {
  let [now, most] = [0, 0]
  const { payments } = await aProvider(t, (_request, response) => {
    now += 1
    most = Math.max(most, now)
    setImmediate(() => {
      now -= 1
      response.end(JSON.stringify({ id: 'cs_1', status: 'open', payment_status: 'unpaid', amount_total: 1, currency: 'eur', livemode: false }))
    })
  })
  const answers = await Promise.all(Array.from({ length: 40 }, () => payments.readCheckout('cs_1')))
  assert.equal(answers.length, 40)
  assert.ok(most <= 10, `${most} at once`)
})

test('What is asked about refunds has the same limits: a provider that fails is unavailable, and the breaker opens', async (t) => {
  const { payments, calls } = await aProvider(t, (_request, response) => response.writeHead(500, { 'stripe-should-retry': 'false' }).end(ERROR('api_error')))
  for (let tried = 0; tried < 3; tried += 1) {
    await assert.rejects(payments.readPayment('pi_1'), PaymentsUnavailable)
    await assert.rejects(payments.listRefunded('2026-05-04T09:00:00Z'), PaymentsUnavailable)
  }
  assert.equal(calls(), 5)
})

test('A payment is told with what has gone back of it; one that no checkout was paid by is unknown', async (t) => {
  const charge = { id: 'ch_1', object: 'charge', amount_refunded: 1900, currency: 'eur' }
  const intent = { id: 'pi_1', object: 'payment_intent', latest_charge: charge }
  const session = { ...{ id: 'cs_1', client_reference_id: 'ord_1', status: 'complete', payment_status: 'paid' }, ...{ amount_total: 4900, currency: 'eur' } }
  const asked: string[] = []
  const { payments } = await aProvider(t, (request, response) => {
    asked.push(decodeURIComponent(request.url ?? ''))
    const data = request.url?.includes('pi_1') ? [{ ...session, livemode: false, payment_intent: intent }] : []
    response.end(JSON.stringify({ object: 'list', data, has_more: false }))
  })
  const told = await payments.readPayment('pi_1')
  assert.deepEqual([told?.refunded, told?.checkout?.paid.amountMinor, told?.checkout?.payment], [{ amountMinor: 1900, currency: 'EUR' }, 4900, 'pi_1'])
  assert.equal(await payments.readPayment('pi_2'), undefined)
  assert.match(asked[0] ?? '', /payment_intent=pi_1.*expand\[0\]=data\.payment_intent\.latest_charge/)
})

test('News names the payment it is about, and nothing it has in that place keeps it from being read', () => {
  const payments = stripePayments({ secretKey: 'sk_test_x', webhookSecrets: ['whsec_x'], clock: { now: () => new Date(0) } })
  const paymentOf = (object: object): string | undefined => {
    const body = JSON.stringify({ id: 'evt_1', type: 'charge.refunded', created: 0, livemode: false, data: { object } })
    const news = payments.readNews(new TextEncoder().encode(body), sign(body, 'whsec_x', 0))
    assert.equal(news?.id, 'evt_1')
    return news?.payment
  }
  const objects = [
    { id: 'ch_1', object: 'charge', payment_intent: 'pi_1' },
    { id: 're_1', object: 'refund', payment_intent: 'pi_1' },
    { id: 'pi_1', object: 'payment_intent' },
    { id: 'ch_2', object: 'charge', payment_intent: null },
    { id: 'ch_3', object: 'charge', payment_intent: { id: 'pi_1' } },
    { id: 'cus_1', object: 'customer' },
  ]
  assert.deepEqual(objects.map(paymentOf), ['pi_1', 'pi_1', 'pi_1', undefined, undefined, undefined])
})

test('A live key is known for one, and a test key is not taken for it', () => {
  const keyed = (secretKey: string): boolean => stripePayments({ secretKey, webhookSecrets: [], clock: { now: () => new Date(0) } }).isLive
  assert.deepEqual(['sk_live_x', 'rk_live_x', 'sk_test_x', 'sk_test_sk_live_x'].map(keyed), [true, true, false, false])
})

test('Amounts reach Stripe exactly, or are refused', () => {
  const cases: [string, number, number][] = [
    ['EUR', 29, 29],
    ['USD', 435, 435],
    ['GBP', 101, 101],
    ['EUR', 1999, 1999],
    ['JPY', 500, 500],
    ['KRW', 12000, 12000],
    ['XOF', 3000, 3000],
    ['KWD', 1230, 1230],
    ['ISK', 500, 50_000],
    ['UGX', 3000, 300_000],
    ['MGA', 500_00, 500],
  ]
  for (const [currency, amountMinor, amount] of cases) {
    assert.deepEqual(toStripe({ amountMinor, currency }), { amount, currency: currency.toLowerCase() })
    assert.deepEqual(fromStripe(amount, currency.toLowerCase()), { amountMinor, currency })
  }
  for (const [currency, amountMinor] of [
    ['KWD', 1234],
    ['MGA', 501],
    ['EUR', 19.99],
  ] as const)
    assert.throws(() => toStripe({ amountMinor, currency }), RangeError)
})

test('A price that is too little, too much, or between two steps of its currency cannot be charged', () => {
  const cases: [string, number, boolean][] = [
    ['EUR', 49, false],
    ['EUR', 50, true],
    ['EUR', 99_999_999, true],
    ['EUR', 100_000_000, false],
    ['JPY', 49, false],
    ['JPY', 50, true],
    ['KWD', 1234, false],
    ['KWD', 1230, true],
    ['ISK', 1_000_000, false],
  ]
  for (const [currency, amountMinor, expected] of cases) assert.equal(isChargeable({ amountMinor, currency }), expected, `${amountMinor} ${currency}`)
})
