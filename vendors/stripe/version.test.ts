import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { test } from 'node:test'
import Stripe from 'stripe'
import { API_VERSION as STAND_IN_VERSION } from '#sandbox/stripe/errors.ts'
import { API_VERSION } from './client.ts'
import { stripePayments } from './stripe.ts'

test('The version of Stripe’s API is the one the pinned SDK was made for, and the one the stand-in speaks', async () => {
  const { dependencies } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  assert.equal(API_VERSION, '2026-10-28.endive')
  assert.equal(Stripe.API_VERSION, API_VERSION)
  assert.equal(Stripe.PACKAGE_VERSION, '23.1.0')
  assert.equal(dependencies.stripe, Stripe.PACKAGE_VERSION)
  assert.equal(STAND_IN_VERSION, API_VERSION)
})

test('Every call names that version', async (t) => {
  const named: unknown[] = []
  const server = createServer((request, response) => {
    named.push(request.headers['stripe-version'])
    response.end(JSON.stringify({ id: 'cs_1', status: 'open', payment_status: 'unpaid', amount_total: 1, currency: 'eur', livemode: false }))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  const payments = stripePayments({ secretKey: 'sk_test_x', webhookSecrets: [], apiUrl: `http://127.0.0.1:${address.port}`, clock: { now: () => new Date(0) } })
  await payments.readCheckout('cs_1')
  assert.deepEqual(named, ['2026-10-28.endive'])
})
