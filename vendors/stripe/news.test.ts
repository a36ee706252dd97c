import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListedNews, Payments } from '#ports/payments.ts'
import { sign } from '#sandbox/stripe/deliveries.ts'
import { aCounter, DAY } from './counter.fixture.ts'
import { stripePayments } from './stripe.ts'

const all = async (payments: Payments, since: string): Promise<{ found: ListedNews[]; pages: number }> => {
  const found: ListedNews[] = []
  let pages = 0
  let next: string | undefined
  do {
    const listed = await payments.listNews(since, next)
    found.push(...listed.items)
    next = listed.next
    pages += 1
  } while (next !== undefined)
  return { found, pages }
}

test('Everything that happened is listed once, the oldest first, and says what to read again as its webhook would', async (t) => {
  const { payments, sold, member, control, pass } = await aCounter(t)
  const page = await sold()
  await pass(60)
  await control(`sessions/${page.session}/refund`, { amount: 100 })
  const { id: dispute } = await control(`payments/${page.payment}/dispute`)
  await control(`disputes/${dispute}/close`, { outcome: 'lost' })
  await control(`payments/${page.payment}/warn`)
  await pass(60)
  const { id, invoices } = await member({}, { order: 'ord_2', idempotencyKey: 'ord_2:1' })
  const { found } = await all(payments, '2026-05-04T08:00:00.000Z')
  assert.equal(new Set(found.map(({ news }) => news.id)).size, found.length)
  assert.deepEqual(
    found.map(({ news }) => news.createdAt),
    found.map(({ news }) => news.createdAt).toSorted(),
  )
  const of = (type: string) => {
    const one = found.find(({ news }) => news.type === type)
    assert.ok(one, type)
    return one.news
  }
  assert.deepEqual([of('checkout.session.completed').subject, of('checkout.session.completed').payment], [page.session, page.payment])
  for (const type of [
    'payment_intent.succeeded',
    'charge.refunded',
    'refund.created',
    'charge.dispute.created',
    'charge.dispute.closed',
    'radar.early_fraud_warning.created',
  ])
    assert.equal(of(type).payment, page.payment, type)
  assert.equal(of('customer.subscription.created').subscription, id)
  assert.deepEqual([of('invoice.paid').invoice, of('invoice.paid').subscription], [invoices[0]?.id, id])
  assert.equal(of('invoice.paid').apiVersion, '2026-10-28.endive')
  // What is listed is what was sent, word for word as far as anybody reads.
  for (const { news, raw } of found) assert.equal(JSON.parse(raw).id, news.id)
  await pass(DAY)
  assert.deepEqual((await all(payments, '2026-05-04T10:00:00.000Z')).found, [])
})

test('A crowd of events is read in stretches of time, a page at a time, and none is missed or told twice', async (t) => {
  const { payments, control, pass, request } = await aCounter(t)
  const { session } = await payments.openCheckout(request)
  await control(`sessions/${session}/pay`)
  // Some of it within one second, more than fits on a page.
  for (let made = 0; made < 30; made += 1) {
    await control(`sessions/${session}/refund`, { amount: 1 })
    if (made % 10 === 9) await pass(3600)
  }
  for (let made = 0; made < 60; made += 1) await control(`sessions/${session}/refund`, { amount: 1 })
  const { found, pages } = await all(payments, '2026-05-04T08:00:00.000Z')
  assert.ok(found.length > 180, `${found.length}`)
  assert.equal(found.filter(({ news }) => news.type === 'refund.created').length, 90)
  assert.equal(new Set(found.map(({ news }) => news.id)).size, found.length)
  assert.deepEqual(
    found.map(({ news }) => news.createdAt),
    found.map(({ news }) => news.createdAt).toSorted(),
  )
  assert.ok(pages > 2 && pages < 40, `${pages} pages`)
})

test('A page of the list that nobody gave is refused', async (t) => {
  const { payments } = await aCounter(t)
  await assert.rejects(payments.listNews('2026-05-04T08:00:00.000Z', 'evt_1'))
})

test('News of every kind says what it is about, whatever else lies in its places', () => {
  const payments = stripePayments({ secretKey: 'sk_test_x', webhookSecrets: ['whsec_x'], clock: { now: () => new Date(0) } })
  const newsOf = (event: object) => {
    const body = JSON.stringify({ id: 'evt_1', type: 'some.thing', created: 0, livemode: false, ...event })
    const news = payments.readNews(new TextEncoder().encode(body), sign(body, 'whsec_x', 0))
    assert.equal(news?.id, 'evt_1', body)
    return [news?.subject, news?.payment, news?.subscription, news?.invoice]
  }
  const about = (object: object) => newsOf({ data: { object } })
  const parent = { type: 'subscription_details', subscription_details: { subscription: 'sub_1', metadata: {} } }
  assert.deepEqual(about({ id: 'cs_1', object: 'checkout.session', payment_intent: null, subscription: 'sub_1', invoice: 'in_1' }), [
    'cs_1',
    undefined,
    'sub_1',
    'in_1',
  ])
  assert.deepEqual(about({ id: 'in_1', object: 'invoice', parent }), [undefined, undefined, 'sub_1', 'in_1'])
  assert.deepEqual(about({ id: 'in_1', object: 'invoice', parent: null }), [undefined, undefined, undefined, 'in_1'])
  assert.deepEqual(about({ id: 'in_1', object: 'invoice', parent: { quote_details: {} } }), [undefined, undefined, undefined, 'in_1'])
  assert.deepEqual(about({ id: 'inpay_1', object: 'invoice_payment', invoice: 'in_1', payment: { type: 'payment_intent', payment_intent: 'pi_1' } }), [
    undefined,
    'pi_1',
    undefined,
    'in_1',
  ])
  assert.deepEqual(about({ id: 'sub_1', object: 'subscription', latest_invoice: 'in_1' }), [undefined, undefined, 'sub_1', undefined])
  assert.deepEqual(about({ id: 'dp_1', object: 'dispute', charge: 'ch_1', payment_intent: 'pi_1' }), [undefined, 'pi_1', undefined, undefined])
  assert.deepEqual(about({ id: 'issfr_1', object: 'radar.early_fraud_warning', payment_intent: 'pi_1' }), [undefined, 'pi_1', undefined, undefined])
  for (const odd of [{ data: null }, { data: [] }, { data: { object: 'x' } }, { data: { object: { id: 7, object: 'invoice', parent: 'x' } } }, {}])
    assert.deepEqual(newsOf(odd), [undefined, undefined, undefined, undefined])
})

test('Account and version are told where an event names them; a thin event has a context', () => {
  const payments = stripePayments({ secretKey: 'sk_test_x', webhookSecrets: ['whsec_x'], clock: { now: () => new Date(0) } })
  const read = (event: object) => {
    const body = JSON.stringify(event)
    return payments.readNews(new TextEncoder().encode(body), sign(body, 'whsec_x', 0))
  }
  const snapshot = read({ id: 'evt_1', type: 'charge.refunded', created: 0, account: 'acct_1', api_version: '2020-08-27', data: { object: {} } })
  assert.deepEqual([snapshot?.account, snapshot?.apiVersion], ['acct_1', '2020-08-27'])
  const thin = read({
    id: 'evt_2',
    object: 'v2.core.event',
    type: 'v2.core.account.updated',
    created: '2026-05-04T09:00:00.000Z',
    context: 'acct_2',
    related_object: { id: 'acct_2' },
  })
  assert.deepEqual([thin?.account, thin?.apiVersion, thin?.createdAt], ['acct_2', undefined, '2026-05-04T09:00:00.000Z'])
})
