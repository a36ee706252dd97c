import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hookBodyRecords, hookRecords, type StoredHook } from '#core/payments/records.ts'
import { buy } from '#test/buy.ts'
import { refusalOf } from '#test/school.ts'
import { aPaidPage, aSale, aTill, type Till } from '#test/till.ts'

const paidFor = async (till: Till, order: { checkoutUrl?: string | undefined }): Promise<void> => {
  await till.pay(order.checkoutUrl)
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
}

test('The owner sees everybody’s orders newest first, page by page, of a state, and of somebody', async (t) => {
  const till = await aTill(t)
  const { owner, course, learner } = { owner: await till.person('Olive', 'admin'), ...(await aSale(till)) }
  await till.faults({ webhooks: 'drop' })
  const made: string[] = []
  for (let place = 0; place < 27; place += 1) {
    till.clock.pass(60)
    made.unshift((await buy(await till.person(`Buyer${place}`), course)).id)
  }
  till.clock.pass(60)
  const order = await buy(learner, course)
  await paidFor(till, order)
  const first = await owner.client.money.orders({})
  const second = await owner.client.money.orders(first.next === undefined ? {} : { page: first.next })
  assert.deepEqual(
    [...first.orders, ...second.orders].map(({ id }) => id),
    [order.id, ...made],
  )
  assert.deepEqual([first.orders.length, second.next], [25, undefined])
  const paid = await owner.client.money.orders({ state: 'paid' })
  assert.deepEqual(
    paid.orders.map(({ id, state, learner: { email } }) => [id, state, email]),
    [[order.id, 'paid', learner.email]],
  )
  assert.equal((await owner.client.money.orders({ email: 'buyer3@lectern.test' })).orders.length, 1)
  assert.deepEqual((await owner.client.money.orders({ email: 'nobody@lectern.test' })).orders, [])
  assert.equal(await refusalOf(owner.client.money.orders({ page: 'nonsense' })), 'bad-input')
  assert.equal(await refusalOf(learner.client.money.orders({})), 'not-allowed')
})

test('An order is shown with the money that has moved in it, and a month’s revenue by what was sold', async (t) => {
  const till = await aTill(t)
  const owner = await till.person('Olive', 'admin')
  const { order, course } = await aPaidPage(till)
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  const shown = await owner.client.money.order({ order: order.id })
  assert.deepEqual(
    shown.entries.map(({ kind, amount }) => [kind, amount]),
    [['charged', { amountMinor: 4900, currency: 'EUR' }]],
  )
  assert.equal(await refusalOf(owner.client.money.order({ order: 'ord_00000404' })), 'not-found')
  const { months, rows } = await owner.client.money.revenue({ months: 3 })
  assert.deepEqual(months, ['2026-03', '2026-04', '2026-05'])
  assert.deepEqual(rows, [{ month: '2026-05', of: course, title: 'Colour', currency: 'EUR', grossMinor: 4900, backMinor: 0, bankMinor: 0, taxMinor: 0 }])
})

const parkedNews = async (till: Till, of: Partial<StoredHook> = {}): Promise<StoredHook> => {
  const receivedAt = till.clock.now().toISOString()
  const hook: StoredHook = {
    ...{ id: 'evt_parked', type: 'checkout.session.completed', isLive: false, createdAt: receivedAt, receivedAt, state: 'parked' },
    ...{ parkedBecause: 'session cs_x belongs to no order of the school', retried: 0, by: 'webhook' },
    ...of,
  }
  await till.world.tables.commit([hookRecords.put(hook), hookBodyRecords.put({ id: hook.id, receivedAt, raw: '{"id":"evt_parked"}' })])
  return hook
}

test('Parked news is shown with the reason and what was sent, and worked off once more by a click', async (t) => {
  const till = await aTill(t)
  const owner = await till.person('Olive', 'admin')
  const { learner, order } = await aPaidPage(till)
  const session = order.checkoutUrl?.split('/').at(-1) ?? ''
  await parkedNews(till, { subject: session })
  const { news, counts } = await owner.client.money.inbox({ state: 'parked' })
  assert.deepEqual([news.length, news[0]?.parkedBecause, counts.parked, counts.received], [1, 'session cs_x belongs to no order of the school', 1, 0])
  assert.equal((await owner.client.money.overview({})).parked, 1)
  assert.equal((await owner.client.money.news({ news: 'evt_parked' })).raw, '{"id":"evt_parked"}')
  assert.equal(await refusalOf(owner.client.money.replayNews({ news: 'evt_unheard' })), 'not-found')
  await owner.client.money.replayNews({ news: 'evt_parked' })
  await till.settle()
  assert.equal((await learner.client.payments.order({ order: order.id })).state, 'paid')
  const done = await owner.client.money.inbox({ state: 'done' })
  const [worked] = done.news
  assert.deepEqual([worked?.id, worked?.parkedBecause, done.counts.parked], ['evt_parked', undefined, 0])
  assert.equal(worked?.doneAt, till.clock.now().toISOString())
  // Once more changes nothing: the provider is asked, and the order is as it says.
  await owner.client.money.replayNews({ news: 'evt_parked' })
  await till.settle()
  assert.equal(till.happened('order.paid'), 1)
})

test('Young parked news is taken up again by itself, less and less often, and no longer after three days', async (t) => {
  const till = await aTill(t)
  await parkedNews(till, { type: 'a.type.nobody.knows' })
  const timer = till.timers.find(({ name }) => name === 'money.retry-parked')
  const tries = (): number => till.happened('hook.received')
  for (let hour = 0; hour < 24 * 5; hour += 1) {
    till.clock.pass(3600)
    await timer?.run(till.world)
    await till.settle()
  }
  assert.equal(tries(), 7)
  assert.equal((await hookRecords.get(till.world.tables, { id: 'evt_parked' }))?.value.state, 'parked')
})

test('Tables of orders, of the ledger and of memberships open in a spreadsheet, of a time and whole', async (t) => {
  const till = await aTill(t)
  const owner = await till.person('Olive', 'admin')
  const { order, learner } = await aPaidPage(till)
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  till.clock.pass(1)
  const orders = await owner.client.money.table({ what: 'orders' })
  assert.equal(orders.fileName, 'orders-2026-05-04.csv')
  const [head = '', row = ''] = orders.csv.slice(1).split('\r\n')
  assert.ok(
    row.startsWith(
      `"${order.id}","2026-05-04T09:00:00.000Z","2026-05-04T09:00:00.000Z","paid","${learner.email}","Colour","once","me",1,"EUR",49.00,4900,0.00,0,`,
    ),
    row,
  )
  assert.equal(head.split(',').length, row.split(',').length)
  const entries = await owner.client.money.table({ what: 'entries', from: '2026-05-01T00:00:00.000Z', to: '2026-06-01T00:00:00.000Z' })
  assert.match(entries.csv, /"charged".*"EUR",49\.00,4900/)
  const before = await owner.client.money.table({ what: 'entries', from: '2026-04-01T00:00:00.000Z', to: '2026-05-01T00:00:00.000Z' })
  assert.equal(before.csv.trimEnd().split('\r\n').length, 1)
  assert.equal((await owner.client.money.table({ what: 'memberships' })).csv.trimEnd().split('\r\n').length, 1)
  const endless = { what: 'entries', from: '0001-01-01T00:00:00.000Z', to: '9999-01-01T00:00:00.000Z' } as const
  assert.equal(await refusalOf(owner.client.money.table(endless)), 'bad-input')
})
