import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { listeners } from '#core/events.ts'
import { enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { hearings } from '#core/platform.ts'
import { events } from '#homes/machine/events.ts'
import { silentLog } from '#homes/machine/log.ts'
import { tables } from '#homes/machine/tables.ts'
import type { StripeEvent } from '#sandbox/stripe/store.ts'
import { refusalOf } from '#test/school.ts'
import { aSale, openTill, type Till } from '#test/till.ts'
import { hookRecords } from './records.ts'
import { reconcile } from './reconcile.ts'

const aTill = async (t: TestContext, options: Parameters<typeof openTill>[0] = {}): Promise<Till> => {
  const till = await openTill(options)
  t.after(() => till.close())
  return till
}

/** An order whose page has been paid while no webhook came. */
const aPaidPage = async (till: Till, paidWith: Record<string, unknown> = {}) => {
  const sale = await aSale(till)
  await till.faults({ webhooks: 'drop' })
  const order = await sale.learner.client.payments.checkout({ course: sale.course })
  await till.pay(order.checkoutUrl, paidWith)
  return { ...sale, order }
}

const stateOf = async ({ learner, order }: Awaited<ReturnType<typeof aPaidPage>>): Promise<string> =>
  (await learner.client.payments.order({ order: order.id })).state

test('A learner orders a course, pays on the checkout page, and is enrolled when the webhook comes', async (t) => {
  const till = await aTill(t)
  const { learner, course, isEnrolled } = await aSale(till)
  const order = await learner.client.payments.checkout({ course })
  assert.equal(order.state, 'open')
  assert.match(order.checkoutUrl ?? '', /^http:\/\/school\.test\/sandbox\/stripe\/checkout\/cs_test_/)
  await till.pay(order.checkoutUrl)
  await till.hooks.arrived(2)
  assert.deepEqual(till.hooks.answers, [200, 200])
  assert.equal(await isEnrolled(), false)
  await till.settle()
  assert.equal(await isEnrolled(), true)
  const after = await learner.client.payments.order({ order: order.id })
  assert.equal(after.state, 'paid')
  assert.equal(after.checkoutUrl, undefined)
  assert.deepEqual(
    (await learner.client.payments.mine({})).orders.map(({ id }) => id),
    [order.id],
  )
  assert.equal(await refusalOf(learner.client.payments.checkout({ course })), 'already-enrolled')
})

test('The same webhook delivered twenty times, five at once, enrols once and tells of it once', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const event = await till.event('checkout.session.completed')
  for (let round = 0; round < 4; round += 1) {
    const answers = await Promise.all(Array.from({ length: 5 }, () => till.tell(event)))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200, 200],
    )
    await till.settle()
  }
  assert.equal(await paid.isEnrolled(), true)
  assert.equal(till.happened('enrolment.started'), 1)
  assert.equal(till.happened('order.paid'), 1)
  assert.equal((await hookRecords.get(till.world.tables, { id: event.id }))?.value.state, 'done')
})

test('Two different events about one paid page, worked off at once, enrol once', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const event = await till.event('checkout.session.completed')
  await Promise.all(['evt_a', 'evt_b', 'evt_c', 'evt_d'].map((id) => till.tell({ ...event, id })))
  await till.settle()
  assert.equal(await stateOf(paid), 'paid')
  assert.equal(till.happened('enrolment.started'), 1)
})

for (const [what, paidWith] of Object.entries({
  'a smaller amount': { amount_total: 100 },
  'another currency': { currency: 'usd' },
  'live money for a test order': { livemode: true },
})) {
  test(`Paying ${what} grants nothing, holds the order and tells the operator once`, async (t) => {
    const till = await aTill(t)
    const paid = await aPaidPage(till, paidWith)
    const event = { ...(await till.event('checkout.session.completed')), livemode: false }
    await till.tell(event)
    await till.tell({ ...event, id: 'evt_again' })
    await till.settle()
    assert.equal(await stateOf(paid), 'held')
    assert.equal(await paid.isEnrolled(), false)
    assert.equal(till.told.length, 1)
    assert.match(till.told[0]?.text ?? '', new RegExp(paid.order.id))
    // Ordering again meets the held order: nobody is charged twice while a person looks at it.
    assert.equal((await paid.learner.client.payments.checkout({ course: paid.course })).id, paid.order.id)
  })
}

test('When no webhook ever comes, the reconciler enrols within ten minutes of the payment', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  let minutes = 0
  while (minutes < 10 && !(await paid.isEnrolled())) {
    till.clock.pass(60)
    minutes += 1
    await reconcile(till.world)
  }
  assert.ok(await paid.isEnrolled())
  assert.equal(minutes, 5)
  assert.equal(await stateOf(paid), 'paid')
  assert.equal(till.happened('enrolment.started'), 1)
})

test('A page that is paid between two reconciler reads is found by the next, and never asked about again', async (t) => {
  const till = await aTill(t)
  await till.faults({ webhooks: 'drop' })
  const { learner, course, isEnrolled } = await aSale(till)
  const { checkoutUrl } = await learner.client.payments.checkout({ course })
  till.clock.pass(301)
  await reconcile(till.world)
  assert.equal(await isEnrolled(), false)
  await till.pay(checkoutUrl)
  till.clock.pass(301)
  await reconcile(till.world)
  assert.equal(await isEnrolled(), true)
  assert.deepEqual((await till.world.tables.listIndex('due-checkouts')).items, [])
})

test('While the provider is down an order waits, and the retry opens its page when it is up again', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await aSale(till)
  await till.faults({ api: 'down' })
  const waiting = await learner.client.payments.checkout({ course })
  assert.equal(waiting.state, 'waiting')
  assert.equal(waiting.checkoutUrl, undefined)
  till.clock.pass(24 * 3600)
  await reconcile(till.world)
  assert.equal((await learner.client.payments.order({ order: waiting.id })).state, 'waiting')
  await till.faults({ api: 'none' })
  const open = await learner.client.payments.retry({ order: waiting.id })
  assert.equal(open.id, waiting.id)
  assert.equal(open.state, 'open')
})

test('A page that was made while its answer was lost is the one a retry gets', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await aSale(till)
  await till.faults({ api: 'lost' })
  const waiting = await learner.client.payments.checkout({ course })
  assert.equal(waiting.state, 'waiting')
  await till.faults({ api: 'none' })
  assert.equal((await learner.client.payments.checkout({ course })).state, 'open')
  assert.equal(await till.sessions(), 1)
})

test('Two tabs and the back button make one order with one checkout page', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await aSale(till)
  const opened = await Promise.all(Array.from({ length: 4 }, () => learner.client.payments.checkout({ course })))
  opened.push(await learner.client.payments.checkout({ course }))
  assert.equal(new Set(opened.map(({ id }) => id)).size, 1)
  assert.equal(new Set(opened.map(({ checkoutUrl }) => checkoutUrl)).size, 1)
  assert.equal(await till.sessions(), 1)
  assert.equal((await learner.client.payments.mine({})).orders.length, 1)
})

test('Ordering again after paying elsewhere finds the payment instead of asking for another', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  till.clock.pass(200)
  const again = await paid.learner.client.payments.checkout({ course: paid.course })
  assert.equal(again.state, 'paid')
  assert.equal(await paid.isEnrolled(), true)
})

test('An expired page is told as such, and ordering again opens a new one at the price of the day', async (t) => {
  const till = await aTill(t)
  await till.faults({ webhooks: 'drop' })
  const { learner, teacher, course } = await aSale(till)
  const first = await learner.client.payments.checkout({ course })
  till.clock.pass(24 * 3600 + 1)
  await reconcile(till.world)
  assert.equal((await learner.client.payments.order({ order: first.id })).state, 'expired')
  await teacher.client.courses.update({ course, price: { amountMinor: 5900, currency: 'EUR' } })
  await teacher.client.courses.publish({ course })
  const second = await learner.client.payments.checkout({ course })
  assert.equal(second.id, first.id)
  assert.equal(second.price.amountMinor, 5900)
  assert.notEqual(second.checkoutUrl, first.checkoutUrl)
  await till.pay(second.checkoutUrl)
  till.clock.pass(301)
  await reconcile(till.world)
  assert.equal((await learner.client.payments.order({ order: first.id })).state, 'paid')
})

test('Every order in which a payment’s events can arrive ends the same', async (t) => {
  const till = await aTill(t)
  const { course } = await aSale(till)
  await till.faults({ webhooks: 'drop' })
  const orders = permutations([0, 1, 2, 3])
  for (const [run, order] of orders.entries()) {
    const learner = await till.person(`Learner${run}`)
    const { id, checkoutUrl } = await learner.client.payments.checkout({ course })
    await till.pay(checkoutUrl)
    const completed = await till.event('checkout.session.completed')
    const story: StripeEvent[] = [
      completed,
      { ...completed, id: `evt_second_${run}` },
      // A lie about the state: what counts is what the provider says when it is asked.
      { ...completed, id: `evt_expired_${run}`, type: 'checkout.session.expired' },
      await till.event('payment_intent.succeeded'),
    ]
    for (const place of order) {
      const event = story[place]
      if (event) assert.equal((await till.tell(event)).status, 200)
      await till.settle()
    }
    assert.equal((await learner.client.payments.order({ order: id })).state, 'paid', `order ${order.join('')}`)
  }
  assert.equal(orders.length, 24)
  assert.equal(till.happened('enrolment.started'), 24)
  assert.equal(till.told.length, 0)
})

test('News that a page expired, told before its payment or long after, never takes a payment back', async (t) => {
  const till = await aTill(t)
  await till.faults({ webhooks: 'drop' })
  const { learner, course, isEnrolled } = await aSale(till)
  const first = await learner.client.payments.checkout({ course })
  await till.expire(first.checkoutUrl)
  till.clock.pass(200)
  const second = await learner.client.payments.checkout({ course })
  const expired = await till.event('checkout.session.expired')
  await till.tell(expired)
  await till.settle()
  assert.equal((await learner.client.payments.order({ order: first.id })).state, 'open')
  await till.pay(second.checkoutUrl)
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  till.clock.pass(3 * 24 * 3600)
  await till.tell({ ...expired, id: 'evt_late' })
  await till.settle()
  assert.equal((await learner.client.payments.order({ order: first.id })).state, 'paid')
  assert.equal(await isEnrolled(), true)
})

test('What was stored before a crash is worked off by the process that comes after it', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  await till.tell(await till.event('checkout.session.completed'))
  const outbox = events({ database: till.database, clock: till.clock, log: silentLog })
  const world = { ...till.world, events: outbox, tables: tables({ database: till.database, outbox }) }
  outbox.listen(listeners(world, hearings))
  await outbox.drain()
  assert.equal(await paid.isEnrolled(), true)
  assert.equal(till.happened('enrolment.started'), 1)
})

test('A webhook that comes while the provider cannot be asked is worked off when it can', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const event = await till.event('checkout.session.completed')
  await till.faults({ api: '500' })
  assert.equal((await till.tell(event)).status, 200)
  await till.settle()
  assert.equal(await paid.isEnrolled(), false)
  await till.faults({ api: 'none' })
  till.clock.pass(60)
  await till.settle()
  assert.equal(await paid.isEnrolled(), true)
})

test('Someone who was let in by other means has still paid, and is not enrolled twice', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const since = till.clock.now().toISOString()
  await till.world.tables.commit([enrolmentRecords.add({ learner: paid.learner.id, course: paid.course, since })])
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  assert.equal(await stateOf(paid), 'paid')
  assert.equal(till.happened('order.paid'), 1)
  assert.equal(till.happened('enrolment.started'), 0)
})

test('News the school does not understand is kept, visibly, and the operator hears of its kind once', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const event = await till.event('checkout.session.completed')
  const stateIs = async (id: string) => (await hookRecords.get(till.world.tables, { id }))?.value.state
  await till.tell({ ...event, id: 'evt_refund1', type: 'charge.refunded' })
  await till.tell({ ...event, id: 'evt_refund2', type: 'charge.refunded' })
  await till.tell({ ...event, id: 'evt_live', livemode: true })
  await till.tell(await till.event('payment_intent.succeeded'))
  await till.settle()
  assert.deepEqual([await stateIs('evt_refund1'), await stateIs('evt_refund2'), await stateIs('evt_live')], ['parked', 'parked', 'parked'])
  assert.equal((await hookRecords.listIndex(till.world.tables, 'hooks#parked')).items.length, 3)
  assert.equal((await hookRecords.listIndex(till.world.tables, 'hooks#ignored')).items.length, 1)
  assert.deepEqual(new Set(till.told.map(({ id }) => id)).size, 2)
  assert.equal(await stateOf(paid), 'open')
})

test('Only what is for sale can be ordered, and an order is its learner’s alone', async (t) => {
  const till = await aTill(t)
  const { learner, teacher, course } = await aSale(till)
  const { id } = await learner.client.payments.checkout({ course })
  const stranger = await till.person('Stranger')
  assert.equal(await refusalOf(stranger.client.payments.order({ order: id })), 'not-found')
  assert.equal(await refusalOf(stranger.client.payments.retry({ order: id })), 'not-found')
  assert.equal(await refusalOf(till.visitor.payments.checkout({ course })), 'not-signed-in')
  await teacher.client.courses.update({ course, price: { amountMinor: 0, currency: 'EUR' } })
  await teacher.client.courses.publish({ course })
  assert.equal(await refusalOf(stranger.client.payments.checkout({ course })), 'not-for-sale')
  await teacher.client.courses.unpublish({ course })
  assert.equal(await refusalOf(stranger.client.payments.checkout({ course })), 'not-found')
  assert.equal(await refusalOf(stranger.client.payments.checkout({ course: 'crs_00000000' })), 'not-found')
})

test('One order that cannot be read does not keep the others from being reconciled', async (t) => {
  const till = await aTill(t)
  await till.faults({ webhooks: 'drop' })
  const { learner, course, isEnrolled } = await aSale(till)
  const other = await till.person('Other')
  const broken = await other.client.payments.checkout({ course })
  till.database.prepare(`UPDATE items SET body = json_set(body, '$.session', 'cs_test_gone') WHERE pk = ?`).run(`order#${broken.id}`)
  till.clock.pass(1)
  await till.pay((await learner.client.payments.checkout({ course })).checkoutUrl)
  till.clock.pass(301)
  await assert.rejects(reconcile(till.world), /1 orders could not be reconciled/)
  assert.equal(await isEnrolled(), true)
  // It is not asked about again at once, but it is not forgotten.
  await reconcile(till.world)
  till.clock.pass(301)
  await assert.rejects(reconcile(till.world))
})

function permutations(of: number[]): number[][] {
  return of.length < 2 ? [of] : of.flatMap((first) => permutations(of.filter((each) => each !== first)).map((rest) => [first, ...rest]))
}
